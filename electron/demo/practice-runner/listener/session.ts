/** The listener's session with the broker, and how long it is tried to get one (BrokerMessageListener.cs). */
import { hostname, release as systemRelease, type } from 'node:os';
import type { Clock } from '../../../platform/clock.ts';
import { type AccessTokens, TokenRefused } from '../common/access-tokens.ts';
import type { Settings } from '../common/configuration.ts';
import { member, statusError } from '../common/http.ts';
import type { Release } from '../common/release.ts';
import type { CallService } from '../common/service.ts';
import { listenerTime, reasonOf } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import { RunnerGone, SessionConflict, SessionExpired, Terminated, VersionDeprecated } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface BrokerContext {
  settings: Settings;
  release: Release;
  tokens: AccessTokens;
  call: CallService;
  terminal: Terminal;
  trace: Trace;
  clock: Clock;
  /** Aborts when the listener is being stopped. */
  shutdown: AbortSignal;
}

const retrySeconds = 30;
const conflictLimitSeconds = 240;
const clockSkewLimitSeconds = 1800;

const deletedText =
  'Failed to create a session. The runner registration has been deleted from the server, please re-configure. Runner registrations are automatically deleted for runners that have not connected to the service recently.';
const clockText =
  "The local machine's clock may be out of sync with the server time by more than five minutes. Please sync your clock with your domain or internet time and try again.";

/** `2026-08-17 13:00:00Z: Runner connect error: … Retrying until reconnected.` */
export function connectErrorLine(error: unknown): string {
  return `${listenerTime(Date.now())}: Runner connect error: ${reasonOf(error)}. Retrying until reconnected.`;
}

export function reconnectedLine(): string {
  return `${listenerTime(Date.now())}: Runner reconnected.`;
}

async function requestSession(context: BrokerContext): Promise<string> {
  const { settings, release, tokens, call, terminal, shutdown } = context;
  const { AgentId: id, AgentName: name } = settings;
  await tokens.get(shutdown);
  terminal.writeLine();
  terminal.success('Connected to GitHub');
  terminal.writeLine();
  const agent = { id, name, version: release.version, osDescription: `${type()} ${systemRelease()}` };
  const answer = await call(`${settings.ServerUrlV2}/session`, {
    method: 'POST',
    body: { ownerName: `${hostname()} (PID: ${process.pid})`, agent },
    signal: shutdown,
  });
  if (answer.status === 200) return member(answer.body, 'sessionId');
  throw sessionError(answer.status, member(answer.body, 'message'));
}

function sessionError(status: number, message: string): Error {
  if (status === 404) return new RunnerGone(message || 'Runner not found');
  if (status === 409) return new SessionConflict('Error: Conflict');
  if (status === 401) return new SessionExpired(message || statusError(status));
  if (status === 403 && /deprecated/.test(message)) return new VersionDeprecated(message);
  return new Error(statusError(status));
}

/** Counts what may be tried again for some time only. */
function createPatience({ terminal }: BrokerContext): { mayRetry(error: unknown): boolean } {
  let conflicts = 0;
  let skews = 0;
  const isOver = (count: number, limitSeconds: number): boolean => count * retrySeconds >= limitSeconds;
  return {
    mayRetry(error) {
      if (error instanceof RunnerGone) {
        terminal.writeError('The runner no longer exists on the server. Please reconfigure the runner.');
        return false;
      }
      if (error instanceof SessionConflict) {
        terminal.writeError('A session for this runner already exists.');
        conflicts += 1;
        if (!isOver(conflicts, conflictLimitSeconds)) return true;
        terminal.writeError(
          `Stop retry on SessionConflictException after retried for ${conflictLimitSeconds} seconds.`,
        );
        return false;
      }
      if (error instanceof TokenRefused && error.isClockSkew) {
        terminal.writeError(clockText);
        skews += 1;
        if (!isOver(skews, clockSkewLimitSeconds)) return true;
        terminal.writeError(
          `Stopped retrying OAuth token request exception after ${clockSkewLimitSeconds} seconds.`,
        );
        return false;
      }
      return !(error instanceof SessionExpired);
    },
  };
}

/**
 * Creates a session; a server that cannot be reached is waited for.
 * @returns its id
 * @throws Terminated, SessionConflict, VersionDeprecated; what has to be said has been printed, save for the last
 */
export async function createSession(context: BrokerContext): Promise<string> {
  const { terminal, trace, clock, shutdown } = context;
  const patience = createPatience(context);
  let isTroubled = false;
  for (;;) {
    try {
      const sessionId = await requestSession(context);
      trace.info('BrokerMessageListener', 'Session created.');
      if (isTroubled) terminal.writeLine(reconnectedLine());
      return sessionId;
    } catch (error) {
      shutdown.throwIfAborted();
      trace.error('BrokerMessageListener', error);
      if (error instanceof VersionDeprecated) throw error;
      if (error instanceof TokenRefused && error.code === 'invalid_client' && !error.isClockSkew) {
        terminal.writeError(deletedText);
        throw new Terminated(deletedText);
      }
      if (!patience.mayRetry(error)) {
        terminal.writeError(`Failed to create session. ${reasonOf(error)}`);
        throw error instanceof SessionConflict ? error : new Terminated(reasonOf(error));
      }
      if (!isTroubled) terminal.writeError(connectErrorLine(error));
      isTroubled = true;
    }
    await clock.sleep(retrySeconds * 1000, shutdown);
  }
}

/** Ends a session. @throws when the service does not say that it did */
export async function deleteSession({ settings, call }: BrokerContext, sessionId: string): Promise<void> {
  const url = `${settings.ServerUrlV2}/session?sessionId=${encodeURIComponent(sessionId)}`;
  const answer = await call(url, { method: 'DELETE' });
  if (answer.status >= 300) throw new Error(statusError(answer.status));
}
