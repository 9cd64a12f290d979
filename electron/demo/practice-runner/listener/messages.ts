/** The long poll for messages, and what happens when it fails (BrokerMessageListener.cs). */
import { ConnectionFailed, member, statusError } from '../common/http.ts';
import { RunnerGone, SessionConflict, SessionExpired, Terminated, VersionDeprecated } from './exit-codes.ts';
import { type BrokerContext, connectErrorLine, createSession, reconnectedLine } from './session.ts';

export interface Message {
  messageId: number;
  messageType: string;
  /** JSON, by type. */
  body: string;
}

export interface Messages {
  /** The next message; waits for it, and for a server that cannot be reached. */
  next(signal: AbortSignal): Promise<Message>;
  /** Told with the next poll, which begins at once. */
  setStatus(status: 'Online' | 'Busy'): void;
  /** The session in use: another one after an expiry. */
  sessionId(): string;
}

const errorLimit = 10;
const gentleErrors = 5;

/** 15–30 s, later 30–60 s, at random, so that not all runners come back at once. */
function backOffMs(errors: number, random: () => number): number {
  const seconds = errors <= gentleErrors ? 15 : 30;
  return (seconds + random() * seconds) * 1000;
}

/** What an answer other than 200 and 202 means. */
function messageError(status: number, message: string, isThrottled: boolean): Error {
  if (status === 404) return new RunnerGone(message || 'Runner not found');
  if (status === 401) return new SessionExpired(message || statusError(status));
  if (status === 403 && /deprecated/.test(message)) return new VersionDeprecated(message);
  if (status === 403 && !isThrottled) return new Terminated(message || statusError(status));
  return new Error(statusError(status));
}

async function poll(
  { settings, release, call }: BrokerContext,
  sessionId: string,
  status: 'Online' | 'Busy',
  signal: AbortSignal,
): Promise<Message | null> {
  const query = new URLSearchParams({
    sessionId,
    status,
    runnerVersion: release.version,
    os: release.os,
    architecture: release.architecture,
    disableUpdate: String(settings.DisableUpdate ?? false),
  });
  const answer = await call(`${settings.ServerUrlV2}/message?${query}`, { signal });
  if (answer.status === 200) return answer.body as Message;
  if (answer.status === 202) return null;
  const isThrottled = answer.headers['retry-after'] !== undefined;
  throw messageError(answer.status, member(answer.body, 'message'), isThrottled);
}

/**
 * @param random 0 ≤ n < 1
 */
export function createMessages(
  context: BrokerContext,
  firstSessionId: string,
  random: () => number,
): Messages {
  const { terminal, trace, clock, tokens } = context;
  let sessionId = firstSessionId;
  let status: 'Online' | 'Busy' = 'Online';
  let polling = new AbortController();

  const renewSession = async (): Promise<void> => {
    try {
      sessionId = await createSession(context);
    } catch (error) {
      context.shutdown.throwIfAborted();
      if (error instanceof VersionDeprecated) throw error;
      throw new Terminated('Get next message failed with non-retryable error.');
    }
  };

  const isFinal = (error: unknown): boolean =>
    error instanceof RunnerGone || error instanceof VersionDeprecated || error instanceof SessionConflict;

  /** A server that answers again is found by asking for a token: a poll would tell only after its 50 s. */
  const findServer = async (signal: AbortSignal): Promise<void> => {
    tokens.forget();
    await tokens.get(signal);
  };

  return {
    sessionId: () => sessionId,
    setStatus(next) {
      status = next;
      polling.abort();
    },
    async next(signal) {
      let errors = 0;
      let renewals = 0;
      let isServerLost = false;
      const recovered = (): void => {
        if (errors > 0) terminal.writeLine(reconnectedLine());
        errors = 0;
        isServerLost = false;
      };
      for (;;) {
        polling = new AbortController();
        try {
          if (isServerLost) {
            await findServer(signal);
            recovered();
          }
          const message = await poll(context, sessionId, status, AbortSignal.any([signal, polling.signal]));
          recovered();
          if (message) return message;
        } catch (error) {
          signal.throwIfAborted();
          if (polling.signal.aborted) continue;
          trace.error('BrokerMessageListener', error);
          if (isFinal(error)) throw error;
          if (error instanceof Terminated) {
            throw new Terminated('Get next message failed with non-retryable error.');
          }
          if (error instanceof SessionExpired) {
            // A service that takes none of its own sessions shall not be asked for ever new ones in one go.
            if (renewals > 0) await clock.sleep(backOffMs(renewals, random), signal);
            renewals += 1;
            await renewSession();
            continue;
          }
          errors += 1;
          if (errors >= errorLimit) throw error;
          if (errors === 1) terminal.writeError(connectErrorLine(error));
          isServerLost = error instanceof ConnectionFailed;
          await clock.sleep(backOffMs(errors, random), signal);
        }
      }
    },
  };
}
