/** Registers a runner on its forge and deregisters it, the way the vendor documents: through `config.sh`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { type ConfigurationHost, hostHere, runConfiguration } from './configuration.ts';
import { explainConfigurationFailure } from './configuration-failure.ts';
import { clockToleranceMs, forgetConfigurationPid, readConfigurationPid } from './control-folder.ts';
import { createSession, endLeftBehind } from './session.ts';

/** What `.runner` says. Keys with default values are left out of the file. */
const registrationSchema = z.object({
  AgentId: z.number(),
  AgentName: z.string(),
  GitHubUrl: z.string().default(''),
  WorkFolder: z.string().default('_work'),
  Ephemeral: z.boolean().default(false),
  DisableUpdate: z.boolean().default(false),
});

export interface Registration {
  /** The forge's id of the runner. */
  forgeRunnerId: number;
  agentName: string;
  /** Empty for runners with a JIT configuration. */
  url: string;
  workFolder: string;
  ephemeral: boolean;
  updatesDisabled: boolean;
}

/** A person is at the other end of a deploy: a registration that hangs is told as such. */
const configureTimeoutMs = 5 * 60_000;
const removeTimeoutMs = 2 * 60_000;

/**
 * Registers the runner whose files lie in `runnerRoot`. The token is only in the environment of the one child; its
 * output is kept in `<controlFolder>/config.log` with the token masked.
 * @param options `replace`: take the name over from a registration that has it; `host` replaces what is used of this
 * host (tests)
 * @returns the registration as the runner wrote it down
 * @throws TracksideError that says what to do; the signal's reason when it aborts, after the child has been ended. In
 * both cases a registration may exist on the forge.
 */
export async function configureRunner(options: {
  runnerRoot: string;
  controlFolder: string;
  /** The repository's page, e.g. https://github.com/owner/name. */
  url: string;
  token: string;
  name: string;
  labels: readonly string[];
  replace?: boolean;
  disableUpdate?: boolean;
  ephemeral?: boolean;
  signal?: AbortSignal;
  host?: ConfigurationHost;
}): Promise<Registration> {
  const { runnerRoot, controlFolder, url, token, name, labels, signal, host = hostHere() } = options;
  const flags = [
    '--unattended',
    ...['--url', url, '--name', name, '--work', '_work'],
    ...(labels.length > 0 ? ['--labels', labels.join(',')] : []),
    ...(options.replace ? ['--replace'] : []),
    ...(options.disableUpdate ? ['--disableupdate'] : []),
    ...(options.ephemeral ? ['--ephemeral'] : []),
  ];
  const { code, lines } = await runConfiguration(
    { runnerRoot, controlFolder, flags, token, signal, timeoutMs: configureTimeoutMs },
    host,
  );
  const registration = code === 0 ? await readRegistration(runnerRoot) : null;
  if (registration) return registration;
  throw explainConfigurationFailure({
    action: 'register',
    code,
    lines,
    runnerRoot,
    controlFolder,
    url,
    name,
  });
}

/**
 * Takes the runner's registration off the forge and deletes its local configuration.
 * @param options `token`: a remove token; null = only delete the local configuration
 * @throws TracksideError that says what to do; the signal's reason when it aborts
 */
export async function deconfigureRunner(options: {
  runnerRoot: string;
  /** Without it, no log is kept and a restarted engine cannot end it. */
  controlFolder?: string;
  token: string | null;
  signal?: AbortSignal;
  host?: ConfigurationHost;
}): Promise<void> {
  const { runnerRoot, controlFolder = null, token, signal, host = hostHere() } = options;
  const registration = await readRegistration(runnerRoot);
  const flags = ['remove', ...(token === null ? ['--local'] : [])];
  const { code, lines } = await runConfiguration(
    { runnerRoot, controlFolder, flags, token, signal, timeoutMs: removeTimeoutMs },
    host,
  );
  if (code === 0) return;
  const { url = '', agentName: name = runnerRoot } = registration ?? {};
  throw explainConfigurationFailure({ action: 'remove', code, lines, runnerRoot, controlFolder, url, name });
}

/**
 * What the runner in this folder is registered as; null when it is not.
 * @throws TracksideError HOST_FAILED when the file is there and cannot be understood
 */
export async function readRegistration(runnerRoot: string): Promise<Registration | null> {
  // The server may push a replacement, which the runner itself tries first.
  for (const name of ['.runner_migrated', '.runner']) {
    const path = join(runnerRoot, name);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) continue;
    return parseRegistration(text, path);
  }
  return null;
}

function parseRegistration(text: string, path: string): Registration {
  try {
    // .NET writes a byte order mark.
    const settings = registrationSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return {
      forgeRunnerId: settings.AgentId,
      agentName: settings.AgentName,
      url: settings.GitHubUrl,
      workFolder: settings.WorkFolder,
      ephemeral: settings.Ephemeral,
      updatesDisabled: settings.DisableUpdate,
    };
  } catch (error) {
    throw new TracksideError('HOST_FAILED', `The runner's configuration in ${path} cannot be read.`, {
      remedy: 'Remove this runner and deploy another.',
      cause: error,
    });
  }
}

/**
 * Ends a configuration that an earlier engine began and did not see the end of. It is believed to be that one only when
 * it works in the folder written down and is not younger than the note.
 * @returns whether there was one
 */
export async function endInterruptedConfiguration(
  controlFolder: string,
  host: ConfigurationHost = hostHere(),
): Promise<boolean> {
  const noted = await readConfigurationPid(controlFolder);
  if (!noted) return false;
  const { pid, runnerRoot, writtenAt } = noted;
  const [info, folder] = await Promise.all([host.processes.find(pid), host.processes.workingFolder(pid)]);
  const ours =
    info?.sessionId === pid && folder === runnerRoot && info.startedAt <= writtenAt + clockToleranceMs;
  if (info && ours) await createSession({ pid, startToken: info.startToken }, host).kill();
  else await endLeftBehind(pid, runnerRoot, host);
  await forgetConfigurationPid(controlFolder);
  return info !== null && ours;
}
