/** Who a token belongs to. */
import type { PermissionReport } from '../../../shared/model.ts';
import { type Answer, expiryOf, scopesOf } from './answers.ts';
import type { GitHubHttp } from './http.ts';
import { readToken } from './token-format.ts';

/** What kind the token is: by its prefix, else by whether GitHub tells scopes for it. */
export function tokenKindOf(token: string, answer: Answer): PermissionReport['tokenKind'] {
  const { kind } = readToken(token);
  if (kind !== 'unknown') return kind;
  return scopesOf(answer) ? 'classic' : 'unknown';
}

/** Login, kind and end of the token. @throws TracksideError TOKEN_REFUSED when it is not good */
export async function accountFacts(
  http: GitHubHttp,
  token: string,
  signal?: AbortSignal,
): Promise<Pick<PermissionReport, 'login' | 'tokenKind' | 'expiresAt'>> {
  const call = { doing: 'tell whose it is', subject: 'The account of this token', signal };
  const answer = await http.run(call, (request) => http.octokit.rest.users.getAuthenticated({ request }));
  return { login: answer.data.login, tokenKind: tokenKindOf(token, answer), expiresAt: expiryOf(answer) };
}
