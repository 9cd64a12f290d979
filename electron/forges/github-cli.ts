/** The login of the GitHub command line (`gh`), where one is set up on this machine. */
import { execa } from 'execa';

export interface GitHubCliLogin {
  host: string;
  /** Null when gh does not tell. */
  login: string | null;
}

export interface GitHubCli {
  /** Whether gh is there and logged in; null when not. Never the token. */
  login(): Promise<GitHubCliLogin | null>;
  /** The token of that login; a secret. Null when gh does not give it. */
  token(host: string): Promise<string | null>;
}

const defaultTimeoutMs = 5000;

/** Logins in the words of `gh auth status`: "Logged in to HOST as NAME" (up to 2.39), "… account NAME" (since). */
export function parseAuthStatus(text: string): GitHubCliLogin[] {
  const matches = text.matchAll(/Logged in to (\S+) (?:as|account) (\S+)/g);
  return [...matches].map(([, host = '', login = '']) => ({ host, login }));
}

/**
 * Asks gh itself, so that its own keyring and configuration are used.
 * @param options.command the program, `gh` by default
 * @param options.env what it is started with besides this process's environment
 */
export function createGitHubCli(
  options: { command?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): GitHubCli {
  const { command = 'gh', env = {}, timeoutMs = defaultTimeoutMs } = options;
  const gh = (...args: string[]) =>
    execa(command, args, {
      env: { ...env, GH_PROMPT_DISABLED: '1', NO_COLOR: '1', GH_NO_UPDATE_NOTIFIER: '1' },
      reject: false,
      timeout: timeoutMs,
      stdin: 'ignore',
      maxBuffer: 100_000,
    });
  const token: GitHubCli['token'] = async (host) => {
    const { failed, stdout } = await gh('auth', 'token', '--hostname', host);
    const value = stdout?.trim() ?? '';
    return failed || value === '' ? null : value;
  };
  return {
    token,
    async login() {
      const preferred = (env.GH_HOST ?? process.env.GH_HOST) || 'github.com';
      // Its exit code is 1 when only one of several logins is broken, or without a network.
      const { stdout = '', stderr = '' } = await gh('auth', 'status');
      const logins = parseAuthStatus(`${stdout}\n${stderr}`);
      const known = logins.find(({ host }) => host === preferred) ?? logins[0];
      const candidate = known ?? { host: preferred, login: null };
      return (await token(candidate.host)) === null ? null : candidate;
    },
  };
}
