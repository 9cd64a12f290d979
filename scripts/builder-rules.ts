/** What the packaging configuration must say, beyond being well-formed. */
import type { ValidateFunction } from 'ajv';
import { z } from 'zod';

const fuses = z.object({
  runAsNode: z.literal(false),
  enableNodeOptionsEnvironmentVariable: z.literal(false),
  enableNodeCliInspectArguments: z.literal(false),
  grantFileProtocolExtraPrivileges: z.literal(false),
  onlyLoadAppFromAsar: z.literal(true),
  enableEmbeddedAsarIntegrityValidation: z.literal(true),
  enableCookieEncryption: z.literal(true),
});

/** A platform whose every named target is built for both architectures. */
function platform(...names: string[]) {
  const target = z.object({ target: z.string(), arch: z.array(z.string()) });
  return z.object({
    target: z
      .array(target)
      .refine(
        (targets) => names.every((name) => targets.some((built) => built.target === name)),
        `must build ${names.join(', ')}`,
      )
      .refine(
        (targets) => targets.every(({ arch }) => arch.includes('x64') && arch.includes('arm64')),
        'must build x64 and arm64',
      ),
  });
}

const rules = z.object({
  asar: z.literal(true),
  electronFuses: fuses,
  mac: platform('dmg', 'zip'),
  linux: platform('AppImage', 'deb', 'rpm'),
  win: platform('nsis'),
  publish: z.null(),
  beforePack: z.string(),
});

/**
 * The problems of a configuration, one sentence each; none when it is good.
 * @param validate electron-builder's schema, compiled
 * @param exists whether a path relative to the root exists
 */
export function builderProblems(options: {
  configuration: unknown;
  validate: ValidateFunction;
  exists: (path: string) => boolean;
}): string[] {
  const { configuration, validate, exists } = options;
  const problems: string[] = [];
  if (!validate(configuration)) {
    for (const { instancePath, message, params } of validate.errors ?? []) {
      problems.push(`${instancePath || '/'} ${message} ${JSON.stringify(params)}`);
    }
  }
  const checked = rules.safeParse(configuration);
  if (checked.success) {
    if (!exists(checked.data.beforePack)) problems.push(`${checked.data.beforePack} does not exist`);
  } else {
    for (const { path, message } of checked.error.issues) problems.push(`/${path.join('/')} ${message}`);
  }
  return problems;
}
