/** Conditional requests: a repeated GET sends `If-None-Match`, and a 304, which GitHub does not charge, is answered from memory. */
import type { Octokit } from '@octokit/rest';
import { answerOf } from './answers.ts';

/** Answers kept per client; the least recently asked goes first. */
const keptAnswers = 400;

/** Downloads are asked for with the link to where they are kept, which is good for a minute only. */
export function isDownload(request: { redirect?: string } | undefined): boolean {
  return request?.redirect === 'manual';
}

/**
 * Adds the cache to a client. What it hands out again is the very object it handed out before: never change it.
 * Answers from other hosts are not kept.
 */
export function addConditionalRequests(octokit: Octokit, apiUrl: string): void {
  type Response = Awaited<ReturnType<Octokit['request']>>;
  const kept = new Map<string, Response>();
  const keep = (key: string, response: Response): void => {
    kept.delete(key);
    kept.set(key, response);
    for (const oldest of kept.keys()) {
      if (kept.size <= keptAnswers) break;
      kept.delete(oldest);
    }
  };
  octokit.hook.wrap('request', async (request, options) => {
    if (options.method !== 'GET' || isDownload(options.request)) return request(options);
    const { url, headers } = octokit.request.endpoint.parse(options);
    const key = `${headers.accept} ${url}`;
    const known = kept.get(key);
    if (known?.headers.etag) options.headers['if-none-match'] = known.headers.etag;
    try {
      const response = await request(options);
      if (response.headers.etag && response.url.startsWith(apiUrl)) keep(key, response);
      return response;
    } catch (error) {
      const answer = answerOf(error);
      if (answer?.status !== 304 || !known) throw error;
      const fresh = { ...known, headers: { ...known.headers, ...answer.headers } };
      keep(key, fresh);
      return fresh;
    }
  });
}
