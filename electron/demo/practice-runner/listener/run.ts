/** `Runner.Listener run`: waits for jobs and has them done, until it is told to stop or the server forgets it (Runner.cs). */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../../../platform/clock.ts';
import type { JobMessage } from '../../github/workflow/job-message.ts';
import { createAccessTokens } from '../common/access-tokens.ts';
import { readCredentials, type Settings } from '../common/configuration.ts';
import type { Release } from '../common/release.ts';
import { exitCodeOf, type Result } from '../common/results.ts';
import { type CallService, createServiceCaller } from '../common/service.ts';
import { listenerTime } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { exitCodes, RunnerGone, SessionConflict, Terminated } from './exit-codes.ts';
import { createMessages, type Message } from './messages.ts';
import { deleteLocalConfiguration } from './remove.ts';
import { updateSelf } from './self-update.ts';
import { type BrokerContext, createSession, deleteSession } from './session.ts';
import type { Terminal } from './terminal.ts';
import { createThrottle } from './throttle.ts';

export interface RunOptions {
  root: string;
  release: Release;
  settings: Settings;
  environment: NodeJS.ProcessEnv;
  terminal: Terminal;
  trace: Trace;
  clock: Clock;
  random: () => number;
  /** Aborts when the listener is to stop. */
  shutdown: AbortSignal;
  /** Whether it ends after one job. */
  once: boolean;
}

interface Listening extends RunOptions {
  call: CallService;
  broker: BrokerContext;
  dispatcher: Dispatcher;
}

/**
 * Listens until there is a reason to stop.
 * @returns the exit code
 * @throws VersionDeprecated and what else ends the process with a message
 */
export async function run(options: RunOptions): Promise<number> {
  const { root, settings, release, terminal, shutdown, clock } = options;
  const work = resolve(root, settings.WorkFolder);
  try {
    mkdirSync(work, { recursive: true });
  } catch {
    terminal.writeError(`Fail to create and validate runner's work directory '${work}'.`);
    return exitCodes.terminatedError;
  }
  const tokens = createAccessTokens(readCredentials(root));
  const call = createServiceCaller(tokens);
  const broker: BrokerContext = { ...options, settings, tokens, call, clock };
  const outcome = await createSession(broker).catch((error: unknown) => {
    if (error instanceof Terminated || error instanceof SessionConflict) return error;
    throw error;
  });
  if (outcome instanceof SessionConflict) return exitCodes.sessionConflict;
  if (outcome instanceof Terminated) return exitCodes.terminatedError;
  terminal.writeLine(`Current runner version: '${release.version}'`);
  terminal.writeLine(`${listenerTime(clock.now())}: Listening for Jobs`);
  return listen({ ...options, call, broker }, outcome, shutdown);
}

async function listen(
  options: Omit<Listening, 'dispatcher'>,
  sessionId: string,
  shutdown: AbortSignal,
): Promise<number> {
  const { root, settings, broker, terminal, trace, random } = options;
  const messages = createMessages(broker, sessionId, random);
  const dispatcher = createDispatcher(options, (status) => messages.setStatus(status));
  let forgotten = false;
  let outcome: Outcome = null;
  try {
    outcome = await handleMessages({ ...options, dispatcher }, messages.next, shutdown);
  } catch (error) {
    if (!(error instanceof RunnerGone)) throw error;
    terminal.writeError('The runner no longer exists on the server. Cleaning up local configuration.');
    forgotten = true;
  } finally {
    await dispatcher.shutDown();
    if (!forgotten) {
      await deleteSession(broker, messages.sessionId()).catch((error) => trace.error('Runner', error));
    }
    const isDone = outcome !== null && outcome !== 'updating';
    if (forgotten || (settings.Ephemeral && isDone)) deleteLocalConfiguration(root, terminal);
  }
  if (outcome === 'updating') return options.once ? exitCodes.onceUpdating : exitCodes.updating;
  const isResultWanted = /^(1|true)$/i.test(
    options.environment.ACTIONS_RUNNER_RETURN_JOB_RESULT_FOR_HOSTED ?? '',
  );
  return outcome && isResultWanted ? exitCodeOf(outcome) : exitCodes.success;
}

/** The one job's result when there was to be but one, `updating` when an update is to be applied, null on shutdown. */
type Outcome = Result | 'updating' | null;

/** Handles messages until there is an outcome. */
async function handleMessages(
  listening: Listening,
  next: (signal: AbortSignal) => Promise<Message>,
  shutdown: AbortSignal,
): Promise<Outcome> {
  const { dispatcher, once, clock, trace } = listening;
  const stop = new AbortController();
  const signal = AbortSignal.any([shutdown, stop.signal]);
  const throttle = createThrottle(clock);
  let only: Promise<Result> | undefined;
  let update: Promise<Outcome> | undefined;
  const beginUpdate = (body: string): void => {
    update = updateSelf(listening, body, async () => dispatcher.current()).then((isReady) => {
      update = undefined;
      // Without an update it goes on listening.
      return isReady ? 'updating' : new Promise<Outcome>(() => {});
    });
  };
  for (;;) {
    const upcoming = next(signal);
    upcoming.catch(() => {});
    const ends = [only, update].filter((end) => end !== undefined);
    const arrived = await Promise.race([upcoming, ...ends]).catch((error: unknown) => {
      if (shutdown.aborted) return null;
      // The service forgets an ephemeral runner as soon as its job is reported, which is before its worker has ended.
      if (only && error instanceof RunnerGone) return only;
      throw error;
    });
    if (arrived === null) return null;
    if (typeof arrived === 'string') {
      stop.abort();
      return arrived;
    }
    trace.info('Runner', `Message ${arrived.messageId} received: ${arrived.messageType}`);
    if (arrived.messageType === 'RunnerRefreshMessage' && !update) beginUpdate(arrived.body);
    // A job that comes while an update waits is left to another runner, or to this one afterwards.
    if (arrived.messageType === 'RunnerJobRequest' && !only && !update) {
      const isTaken = await takeJob(listening, arrived, signal);
      if (!isTaken) await throttle.wait(signal).catch(() => {});
      else throttle.reset();
      if (once && isTaken) only = dispatcher.current();
    } else if (arrived.messageType === 'JobCancellation') {
      const { jobId, timeout } = JSON.parse(arrived.body) as { jobId: string; timeout: string };
      dispatcher.cancel(jobId, durationMs(timeout));
    }
  }
}

/** Acquires the job of a message and starts it. @returns whether it could */
async function takeJob(
  { call, release, dispatcher, trace }: Listening,
  message: Message,
  signal: AbortSignal,
): Promise<boolean> {
  const { runner_request_id: jobMessageId, run_service_url: url } = JSON.parse(message.body) as Record<
    string,
    string
  >;
  try {
    const body = { jobMessageId, runnerOS: release.os };
    const answer = await call(`${url}/acquirejob`, { method: 'POST', body, signal });
    if (answer.status !== 200) {
      trace.info('Runner', `Skipping message Job. The service answered ${answer.status}.`);
      return false;
    }
    dispatcher.run(answer.body as JobMessage, String(url));
    return true;
  } catch (error) {
    trace.error('Runner', error);
    return false;
  }
}

/** `00:05:00` in milliseconds. */
function durationMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
