/** The calls with which a runner is added and removed (docs/practice-runner.md, calls 1–3). */
import type { Clock } from '../../../platform/clock.ts';
import { type Answer, member, send, statusError, statusName } from '../common/http.ts';
import type { Terminal } from './terminal.ts';

export interface Context {
  terminal: Terminal;
  clock: Clock;
}

/** Failures other than 404 are met this often before they count. */
const tries = 3;
const retryMs = 3000;

/** The root of the REST API for the address of a repository, as UrlUtil.cs and ConfigurationManager.cs derive it. */
export function apiRootOf(url: string): string {
  const { protocol, host, hostname } = new URL(url);
  const isHosted = /^(www\.)?github\.com$|^github\.localhost$|\.ghe\.(com|localhost)$/.test(hostname);
  return isHosted ? `${protocol}//api.${host.replace(/^www\./, '')}` : `${protocol}//${host}/api/v3`;
}

/** `Http response code: NotFound from 'POST https://…' (Request Id: …)` and the answer's body. */
function printRefusal(terminal: Terminal, method: string, url: string, answer: Answer): void {
  const id = String(answer.headers['x-github-request-id'] ?? '');
  terminal.writeError(
    `Http response code: ${statusName(answer.status)} from '${method} ${url}' (Request Id: ${id})`,
  );
  terminal.writeError(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

async function post(context: Context, url: string, authorization: string, body: unknown): Promise<unknown> {
  const { terminal, clock } = context;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send(url, { method: 'POST', headers: { Authorization: authorization }, body });
      if (answer.status < 300) return answer.body;
      printRefusal(terminal, 'POST', url, answer);
      if (answer.status === 404) throw new Refused(answer.status);
      if (attempt === tries) throw new Error(statusError(answer.status));
    } catch (error) {
      if (error instanceof Refused || attempt === tries) throw error;
    }
    await clock.sleep(retryMs);
  }
}

/** An answer that trying again does not change. */
class Refused extends Error {
  constructor(status: number) {
    super(statusError(status));
  }
}

/** Exchanges a registration or remove token for the service's own. */
export async function exchangeToken(
  context: Context,
  url: string,
  token: string,
  event: 'register' | 'remove',
): Promise<{ serviceUrl: string; token: string }> {
  const body = { url, runner_event: event };
  const endpoint = `${apiRootOf(url)}/actions/runner-registration`;
  const answer = await post(context, endpoint, `RemoteAuth ${token}`, body);
  return { serviceUrl: member(answer, 'url'), token: member(answer, 'token') };
}

/** Asks for a registration or remove token with a personal access token (`--pat`). */
export async function requestToken(
  context: Context,
  url: string,
  personalAccessToken: string,
  kind: 'registration' | 'remove',
): Promise<string> {
  const parts = new URL(url).pathname.split('/').filter(Boolean);
  if (parts.length < 1 || parts.length > 2) throw new Error(`'${url}' should point to an org or repository.`);
  const scope = parts.length === 1 ? `orgs/${parts[0]}` : `repos/${parts.join('/')}`;
  const basic = Buffer.from(`github:${personalAccessToken}`).toString('base64');
  const endpoint = `${apiRootOf(url)}/${scope}/actions/runners/${kind}-token`;
  return member(await post(context, endpoint, `basic ${basic}`, ''), 'token');
}

export interface NewRunner {
  url: string;
  name: string;
  version: string;
  updates_disabled: boolean;
  ephemeral: boolean;
  labels: { name: string; type: 'system' | 'user' }[];
  os: string;
  architecture: string;
  public_key: string;
  replace: boolean;
}

export interface AddedRunner {
  id: number;
  replaced: boolean;
  authorization: { authorization_url: string; server_url: string; client_id: string };
}

/** Adds the runner. @returns null when the name is taken @throws with the server's reason, which has been printed */
export async function addRunner(
  { terminal }: Context,
  adminToken: string,
  runner: NewRunner,
): Promise<AddedRunner | null> {
  const url = `${apiRootOf(runner.url)}/actions/runners/register`;
  const headers = { Authorization: `Bearer ${adminToken}` };
  const answer = await send(url, { method: 'POST', headers, body: { ...runner, group_id: 1 } });
  if (answer.status === 409) return null;
  if (answer.status < 300) return answer.body as AddedRunner;
  printRefusal(terminal, 'POST', url, answer);
  throw new Error(statusError(answer.status));
}

/** Removes a runner. @returns whether it was there */
export async function deleteRunner(
  { terminal }: Context,
  adminToken: string,
  repositoryUrl: string,
  id: number,
): Promise<boolean> {
  const url = `${apiRootOf(repositoryUrl)}/actions/runners/${id}`;
  const answer = await send(url, { method: 'DELETE', headers: { Authorization: `Bearer ${adminToken}` } });
  if (answer.status < 300) return true;
  if (answer.status === 404) return false;
  printRefusal(terminal, 'DELETE', url, answer);
  throw new Error(statusError(answer.status));
}
