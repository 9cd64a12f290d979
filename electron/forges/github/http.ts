/**
 * One GitHub over HTTP: octokit with bounded retries and throttling, conditional requests, the budget, and every
 * failure as the contract's error.
 */
import { randomUUID } from 'node:crypto';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Clock } from '../../platform/clock.ts';
import type { ForgeBudget, RequestMeter } from '../forge.ts';
import { ForgeLimitError } from '../forge-limit.ts';
import type { ForgeAddress } from './addresses.ts';
import { type Answer, answerOf, headerOf } from './answers.ts';
import { createBudgetKeeper } from './budget.ts';
import { addConditionalRequests, isDownload } from './conditional.ts';
import { asTracksideError, type Call } from './errors.ts';
import { isPassing, NotTheForgeError } from './network-failures.ts';

/** Documented and supported until at least 2028; sent with every request. */
const apiVersion = '2022-11-28';
/** A passing failure is tried again after 1 and 4 of these. */
const defaultRetryBaseMs = 1000;
const defaultRetries = 2;
const defaultTimeoutMs = 30_000;
/** A limit that ends sooner is waited for; a longer one is the caller's to know. */
const shortWaitSeconds = 5;
/** Pages of one list that are followed at most. */
const maxPages = 100;

export interface RequestOptions {
  signal?: AbortSignal;
  retries?: 0;
  meter?: RequestMeter;
}

export interface GitHubHttp {
  readonly address: ForgeAddress;
  readonly octokit: Octokit;
  /**
   * Does a call; `work` passes `request` on to octokit.
   * @throws TracksideError, or the reason of the caller's signal
   */
  run<T>(call: Call, work: (request: RequestOptions) => Promise<T>): Promise<T>;
  /** One request, tried once: its answer whatever the status. @throws TracksideError when no answer came. */
  probe(route: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
  budget(): ForgeBudget | null;
}

export interface HttpOptions {
  address: ForgeAddress;
  token: string;
  clock: Clock;
  onBudget?: (budget: ForgeBudget) => void;
  /** For one try of one request, its body included. */
  timeoutMs?: number;
  retryBaseMs?: number;
}

/** Follows a list to its last page, or to the last one that is wanted. */
export async function everyPage<R extends { headers: { link?: string } }, T>(
  ask: (page: number) => Promise<R>,
  itemsOf: (response: R) => T[],
  mostPages = maxPages,
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const response = await ask(page);
    all.push(...itemsOf(response));
    if (!response.headers.link?.includes('rel="next"')) break;
  }
  return all;
}

/** Creates the client of one GitHub and one token; the token stays inside. */
export function createGitHubHttp(options: HttpOptions): GitHubHttp {
  const { address, clock, onBudget } = options;
  const keeper = createBudgetKeeper({ host: address.host, clock, onBudget });
  const fetch = createFetch(options.timeoutMs ?? defaultTimeoutMs, keeper.observe);
  const octokit = createOctokit(options, fetch);
  addConditionalRequests(octokit, address.apiUrl);
  // Probes are few, and each is told as it is: no second try, no spacing, nothing from memory.
  const prober = setVersion(new Octokit(settingsOf(options, fetch)));

  const failureOf = (error: unknown, call: Call): unknown => {
    const failure = asTracksideError(error, call, address, clock.now());
    if (failure instanceof ForgeLimitError && concernsAll(failure, answerOf(error))) keeper.hold(failure);
    return failure;
  };
  return {
    address,
    octokit,
    budget: keeper.budget,
    async run(call, work) {
      call.signal?.throwIfAborted();
      keeper.assertFree();
      // The plugin repeats any failed request, whatever its status, that names a number of tries: name it only for none.
      const { signal, meter } = call;
      const request: RequestOptions = { signal, meter, ...(call.once ? { retries: 0 } : {}) };
      try {
        return await leaveOnAbort(work(request), call.signal);
      } catch (error) {
        throw failureOf(error, call);
      }
    },
    async probe(route, parameters, signal) {
      const call: Call = { doing: `ask ${route}`, subject: route, signal };
      keeper.assertFree();
      try {
        return await leaveOnAbort(prober.request(route, { ...parameters, request: { signal } }), signal);
      } catch (error) {
        const answer = answerOf(error);
        const failure = failureOf(error, call);
        if (answer && !(failure instanceof ForgeLimitError)) return answer;
        throw failure;
      }
    },
  };
}

/** Whether a limit holds back every call: a pace always does, a bucket only when it is the common one. */
function concernsAll(limit: ForgeLimitError, answer: Answer | null): boolean {
  if (limit.kind === 'pace' || !answer) return true;
  return (headerOf(answer, 'x-ratelimit-resource') ?? 'core') === 'core';
}

/** Waiting for a retry does not listen to signals; the caller is let go at once all the same. */
function leaveOnAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs inside the retry plugin: a wrong name or certificate does not get better in a few seconds. */
function retryOnlyWhatPasses(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.error('request', (error, options) => {
    const answer = answerOf(error);
    const passing = answer ? answer.status >= 500 : isPassing(error);
    if (!passing && options.request) options.request.retries = 0;
    throw error;
  });
}

/** Innermost of all, so that every try counts, when it is sent. GitHub charges for whatever it answers but "unchanged". */
function countRequests(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.wrap('request', async (request, options) => {
    const meter: RequestMeter | undefined = options.request?.meter;
    if (!meter) return request(options);
    meter.sent();
    try {
      const response = await request(options);
      meter.charged();
      return response;
    } catch (error) {
      const answer = answerOf(error);
      if (answer && answer.status !== 304) meter.charged();
      throw error;
    }
  });
}

const GitHubOctokit = Octokit.plugin(countRequests, retryOnlyWhatPasses, throttling, retry);

function createOctokit(options: HttpOptions, fetch: typeof globalThis.fetch): Octokit {
  const retryBaseMs = options.retryBaseMs ?? defaultRetryBaseMs;
  const waitShortly = (retryAfter: number, _request: object, _octokit: object, retryCount: number): boolean =>
    retryAfter <= shortWaitSeconds && retryCount < defaultRetries;
  const octokit = new GitHubOctokit({
    ...settingsOf(options, fetch),
    // The plugin's queues are shared by all clients of this process unless each has an id of its own.
    throttle: {
      id: randomUUID(),
      retryAfterBaseValue: retryBaseMs,
      onRateLimit: waitShortly,
      onSecondaryRateLimit: waitShortly,
    },
    retry: { retries: defaultRetries, retryAfterBaseValue: retryBaseMs },
  });
  return setVersion(octokit);
}

function settingsOf({ token, address }: HttpOptions, fetch: typeof globalThis.fetch) {
  return {
    auth: token,
    baseUrl: address.apiUrl,
    userAgent: 'Trackside',
    log: silent,
    request: { fetch },
  };
}

function setVersion<T extends Pick<Octokit, 'hook'>>(octokit: T): T {
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = apiVersion;
  });
  return octokit;
}

/** Answers without a body by their nature; a Response of such a status must not have one. */
const bodiless = [204, 205, 304];

/**
 * A fetch with a time limit that reads the body to its end, so that a connection lost half-way is an error and not half
 * an answer. A download is read by whoever asked for it; the limit is for its head.
 */
function createFetch(timeoutMs: number, observe: (headers: Headers) => void): typeof globalThis.fetch {
  return async (input, init) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(timeoutError()), timeoutMs);
    try {
      const signal = init?.signal ? AbortSignal.any([init.signal, limit.signal]) : limit.signal;
      const response = await fetch(input, { ...init, signal });
      observe(response.headers);
      assertFromForge(response);
      if (isDownload(init) && response.ok) return response;
      const body = await response.arrayBuffer();
      const whole = new Response(bodiless.includes(response.status) ? null : body, response);
      Object.defineProperty(whole, 'url', { value: response.url });
      return whole;
    } finally {
      clearTimeout(timer);
    }
  };
}

function timeoutError(): Error {
  return new DOMException('The forge did not answer in time.', 'TimeoutError');
}

/** GitHub's API speaks JSON and numbers its answers; a web page without a number comes from something in between. */
function assertFromForge(response: Response): void {
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (isPage && response.status < 500 && !response.headers.has('x-github-request-id')) {
    throw new NotTheForgeError('A web page came in place of an answer.');
  }
}
