/** Logs and archives: GitHub tells where they are kept, and that link is followed without the token. */
import { Readable } from 'node:stream';
import pRetry from 'p-retry';
import { TracksideError } from '../../../shared/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ForgeDownload } from '../forge.ts';
import type { Call } from './errors.ts';
import type { GitHubHttp } from './http.ts';
import { isPassing, unreachable } from './network-failures.ts';
import { actionsRead, repositoryCall } from './repository-call.ts';

export interface DownloadSettings {
  http: GitHubHttp;
  clock: Clock;
  /** For the links: what keeps logs and archives is not the forge itself. */
  fetch: typeof globalThis.fetch;
  /** A passing failure is tried again after this, then after twice as long. */
  retryBaseMs: number;
}

/** A connection that brings nothing for this long counts as dropped. */
const stallTimeoutMs = 60_000;
const retries = 2;

/** One download, from the question to its last byte. */
interface Download extends DownloadSettings {
  call: Call;
  stalled: AbortController;
}

/** The log of a finished job. @throws TracksideError UNKNOWN while the job runs, and when it is not kept any more */
export function jobLog(
  settings: DownloadSettings,
  repository: string,
  jobId: number,
  signal?: AbortSignal,
): Promise<ForgeDownload> {
  const doing = `read the log of job ${jobId} of`;
  const subject = `The log of job ${jobId} of`;
  const { owner, repo, call } = repositoryCall(repository, doing, actionsRead, { subject, signal });
  const route = 'GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs';
  return download(settings, call, route, { owner, repo, job_id: jobId });
}

/** The zip archive of an artifact. @throws TracksideError UNKNOWN when it has expired */
export function artifact(
  settings: DownloadSettings,
  repository: string,
  artifactId: number,
  signal?: AbortSignal,
): Promise<ForgeDownload> {
  const doing = `download artifact ${artifactId} of`;
  const subject = `Artifact ${artifactId} of`;
  const { owner, repo, call } = repositoryCall(repository, doing, actionsRead, { subject, signal });
  const route = 'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip';
  return download(settings, call, route, { owner, repo, artifact_id: artifactId });
}

async function download(
  settings: DownloadSettings,
  call: Call,
  route: string,
  parameters: Record<string, unknown>,
): Promise<ForgeDownload> {
  const begun: Download = { ...settings, call, stalled: new AbortController() };
  const answer = await ask(begun, route, parameters);
  const response = typeof answer === 'string' ? await follow(begun, answer) : answer;
  const host = typeof answer === 'string' ? new URL(answer).host : settings.http.address.host;
  const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  return {
    stream: Readable.from(received(begun, response, host), { objectMode: false }),
    sizeBytes: length === null ? null : Number(length),
  };
}

/** GitHub answers with a link that is good for a minute; another server may answer with the thing itself. */
function ask(
  { http, call }: Download,
  route: string,
  parameters: Record<string, unknown>,
): Promise<string | Response> {
  return http.run(call, async (request) => {
    const { headers, data } = await http.octokit.request(route, {
      ...parameters,
      request: { ...request, redirect: 'manual', parseSuccessResponseBody: false },
    });
    if (headers.location !== undefined) return headers.location;
    const body: unknown = data;
    const length = headers['content-length'];
    return new Response(body instanceof ReadableStream ? body : null, {
      headers: length === undefined ? {} : { 'content-length': String(length) },
    });
  });
}

async function follow(begun: Download, link: string): Promise<Response> {
  const { http, call, clock, fetch, retryBaseMs, stalled } = begun;
  const { host } = new URL(link);
  const signal = call.signal ? AbortSignal.any([call.signal, stalled.signal]) : stalled.signal;
  const once = async (): Promise<Response> => {
    const cancel = clock.after(stallTimeoutMs, () => stalled.abort(timeout()));
    try {
      const response = await fetch(link, { signal, headers: { 'accept-encoding': 'identity' } });
      if (response.ok) return response;
      await response.body?.cancel();
      throw refusal(response.status, call, host);
    } finally {
      cancel();
    }
  };
  try {
    return await pRetry(once, {
      retries,
      minTimeout: retryBaseMs,
      signal: call.signal,
      shouldRetry: ({ error }) => error instanceof Unavailable || isPassing(error),
    });
  } catch (error) {
    call.signal?.throwIfAborted();
    throw error instanceof TracksideError ? error : unreachable(error, host, http.address.webUrl);
  }
}

/** The bytes as they come. Time in which nobody reads them is not the connection's fault. */
async function* received(
  { http, call, clock, stalled }: Download,
  response: Response,
  host: string,
): AsyncGenerator<Uint8Array> {
  const chunks = response.body?.getReader();
  if (!chunks) return;
  const stall = (): void => {
    stalled.abort(timeout());
    void chunks.cancel(timeout()).catch(() => {});
  };
  try {
    for (;;) {
      const cancel = clock.after(stallTimeoutMs, stall);
      const next = await chunks.read().finally(cancel);
      stalled.signal.throwIfAborted();
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    call.signal?.throwIfAborted();
    throw unreachable(error, host, http.address.webUrl);
  } finally {
    await chunks.cancel().catch(() => {});
  }
}

/** What keeps it has trouble of its own. */
class Unavailable extends TracksideError {}

function refusal(status: number, call: Call, host: string): TracksideError {
  if (status === 404 || status === 410)
    return new TracksideError('UNKNOWN', `${call.subject} is not kept any more: ${host} does not have it.`);
  const message = `${call.subject} could not be fetched: ${host} answered with HTTP ${status}.`;
  const Kind = status >= 500 || status === 429 ? Unavailable : TracksideError;
  return new Kind('FORGE_UNREACHABLE', message, { remedy: 'Try again in a moment.' });
}

function timeout(): Error {
  return new DOMException('Nothing arrived for a minute.', 'TimeoutError');
}
