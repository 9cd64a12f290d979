/** The live check of a token, step by step: each with a tick or the exact thing missing and how to mend it. */
import { TracksideError } from '../../../shared/errors.ts';
import type { PermissionReport } from '../../../shared/model.ts';
import type { Clock } from '../../platform/clock.ts';
import { tokenKindOf } from './account.ts';
import { parseRepository } from './addresses.ts';
import { type Answer, expiryOf, wordsOf } from './answers.ts';
import type { GitHubHttp } from './http.ts';
import { draftReport } from './report.ts';
import { type Draft, repositorySteps } from './repository-permissions.ts';
import { lengthHint, readToken } from './token-format.ts';

export interface PermissionCheckOptions {
  http: GitHubHttp;
  /** As pasted. */
  token: string;
  clock: Clock;
  /** owner/name; null checks only the token itself. */
  repository: string | null;
  signal?: AbortSignal;
}

const dayMs = 86_400_000;
/** A token that ends within this time is worth a warning. */
const soonMs = 7 * dayMs;

/**
 * Yields the report again each time another check has ended, and ends when nothing more can be found out. Never rejects
 * for what it finds; it rejects with the signal's reason when that aborts.
 *
 * One of its probes writes: `POST …/actions/runners/registration-token` is the only sure sign that runners may be
 * registered. The token it makes is thrown away; it does nothing by itself and expires within the hour.
 */
export async function* checkPermissions(options: PermissionCheckOptions): AsyncGenerator<PermissionReport> {
  const { http, token, clock, repository, signal } = options;
  const draft = draftReport(repository !== null);
  const context: Draft = { draft, http, signal, tokenKind: readToken(token).kind };
  draft.who({ tokenKind: context.tokenKind });
  yield draft.report();

  const { problem } = readToken(token);
  if (problem) {
    draft.set('token', { status: 'missing', ...problem });
    yield draft.report();
    return;
  }
  const answer = await askWhoIAm(context, clock);
  yield draft.report();
  if (!answer) return;
  const accepted = judgeToken(context, answer, token);
  if (accepted) judgeExpiry(context, answer, clock.now());
  yield draft.report();
  if (!accepted || repository === null) return;
  context.tokenKind = tokenKindOf(token, answer);

  let parsed: ReturnType<typeof parseRepository>;
  try {
    parsed = parseRepository(repository);
  } catch (error) {
    const remedy = error instanceof TracksideError ? error.data.remedy : null;
    draft.set('repository', { status: 'missing', detail: String(messageOf(error)), remedy });
    yield draft.report();
    return;
  }
  for (const step of repositorySteps) {
    const goOn = await step(context, parsed);
    yield draft.report();
    if (!goOn) return;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'It failed for an unknown reason.';
}

/** The first request, which tells about the network; null when no answer came. */
async function askWhoIAm({ draft, http, signal }: Draft, clock: Clock): Promise<Answer | null> {
  const startedAt = clock.now();
  const { host } = new URL(http.address.apiUrl);
  try {
    const answer = await http.probe('GET /user', {}, signal);
    if (answer.status >= 500) {
      draft.set('network', {
        status: 'missing',
        detail: `${host} is reached but answers with an error of its own (${answer.status}).`,
        remedy: 'Try again in a moment.',
        remedyUrl: http.address.product === 'dotcom' ? 'https://www.githubstatus.com' : null,
      });
      return null;
    }
    draft.set('network', { status: 'ok', detail: `${host} answered within ${clock.now() - startedAt} ms.` });
    return answer;
  } catch (error) {
    if (!(error instanceof TracksideError)) throw error;
    const { remedy } = error.data;
    if (error.code === 'RATE_LIMITED') {
      draft.set('network', { status: 'ok', detail: `${host} answers.` });
      draft.set('token', { status: 'unknown', detail: error.message, remedy });
    } else draft.set('network', { status: 'missing', detail: error.message, remedy });
    return null;
  }
}

/** Whether the token is good at all. */
function judgeToken({ draft, http }: Draft, answer: Answer, pasted: string): boolean {
  const { host, webUrl } = http.address;
  const page = `${webUrl}/settings/${readToken(pasted).kind === 'classic' ? 'tokens' : 'personal-access-tokens'}`;
  if (answer.status === 401) {
    draft.set('token', {
      status: 'missing',
      detail: `${host} refuses this token: it was mistyped, revoked, has expired, or is for another GitHub.${lengthHint(readToken(pasted))}`,
      remedy: 'Look it up in your list of tokens; make a new one if it has expired or is not there.',
      remedyUrl: page,
    });
    return false;
  }
  if (answer.status !== 200) {
    draft.set('token', {
      status: 'missing',
      detail: `${host} does not tell whose token this is: ${wordsOf(answer) || `status ${answer.status}`}`,
      remedy: 'Use a personal access token; tokens of apps and of workflow runs do not do.',
      remedyUrl: page,
    });
    return false;
  }
  const login = loginOf(answer);
  const tokenKind = tokenKindOf(pasted, answer);
  draft.who({ login, tokenKind, expiresAt: expiryOf(answer) });
  const kinds = {
    'fine-grained': 'a fine-grained',
    classic: 'a classic',
    app: "an app's",
    unknown: 'a',
  } as const;
  draft.set('token', { status: 'ok', detail: `It is ${kinds[tokenKind]} token of ${login}.` });
  return true;
}

function loginOf({ data }: Answer): string {
  const known = typeof data === 'object' && data !== null && 'login' in data ? data.login : null;
  return typeof known === 'string' ? known : 'an unnamed account';
}

function judgeExpiry({ draft, http }: Draft, answer: Answer, now: number): void {
  const expiresAt = expiryOf(answer);
  if (expiresAt === null) {
    draft.set('expiry', { status: 'ok', detail: 'It has no end.' });
    return;
  }
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  const remedyUrl = `${http.address.webUrl}/settings/personal-access-tokens`;
  if (expiresAt > now + soonMs) {
    draft.set('expiry', { status: 'ok', detail: `It is good until ${day}.` });
    return;
  }
  const hours = Math.max(0, Math.floor((expiresAt - now) / 3_600_000));
  const left = hours >= 48 ? `${Math.round(hours / 24)} days` : `${hours} hours`;
  draft.set('expiry', {
    status: 'warning',
    detail: expiresAt <= now ? `It expired on ${day}.` : `It expires in ${left}, on ${day}.`,
    remedy:
      'Regenerate it on its page and connect again with the new one; runners that are registered keep running.',
    remedyUrl,
  });
}
