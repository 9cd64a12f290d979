/** The environment a runner's processes get: the host's, without what belongs to the engine alone. */

/** Names that never reach a runner, whose jobs are other people's code. Matched whatever their case. */
const withheld = [
  /^(GH|GITHUB)(_ENTERPRISE)?_TOKEN$/,
  /^TRACKSIDE_/,
  /^ACTIONS_RUNNER_INPUT_/,
  /^NPM_/,
  /^ELECTRON_/,
  /^(NODE|NODE_OPTIONS|NODE_CHANNEL_FD|INIT_CWD)$/,
];

/** Folders that npm puts in front of PATH for its scripts: a job shall find the host's tools, not ours. */
const toolFolder = /[/\\](node_modules[/\\]\.bin|node-gyp-bin)[/\\]?$/;

/**
 * Builds it from the host's.
 * @param host usually `process.env`
 * @param options `root`: whether the engine runs as root, which the runner refuses unless told otherwise; `own`: what
 * this one child gets besides, secrets for it included
 */
export function runnerEnvironment(
  host: NodeJS.ProcessEnv,
  options: { root: boolean; own?: Readonly<Record<string, string>> },
): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(host)) {
    if (value === undefined || withheld.some((pattern) => pattern.test(name.toUpperCase()))) continue;
    inherited[name] = name === 'PATH' ? withoutToolFolders(value) : value;
  }
  return {
    ...inherited,
    ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE: '1',
    ...(options.root ? { RUNNER_ALLOW_RUNASROOT: '1' } : {}),
    ...options.own,
  };
}

function withoutToolFolders(path: string): string {
  const kept = path.split(':').filter((folder) => !toolFolder.test(folder));
  return kept.join(':');
}
