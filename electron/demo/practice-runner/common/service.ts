/** Calls that carry the runner's access token. */
import type { AccessTokens } from './access-tokens.ts';
import { type Answer, type Call, send } from './http.ts';

/** @throws TokenRefused, ConnectionFailed, or the signal's reason */
export type CallService = (url: string, call: Call) => Promise<Answer>;

/** A token that the service no longer takes is replaced once. */
export function createServiceCaller(tokens: AccessTokens): CallService {
  const attempt = async (url: string, call: Call): Promise<Answer> => {
    const authorization = `Bearer ${await tokens.get(call.signal)}`;
    return send(url, { ...call, headers: { ...call.headers, Authorization: authorization } });
  };
  return async (url, call) => {
    const answer = await attempt(url, call);
    if (answer.status !== 401) return answer;
    tokens.forget();
    return attempt(url, call);
  };
}
