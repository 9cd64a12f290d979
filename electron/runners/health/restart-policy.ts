/** What follows when a listener that is meant to run has ended: another start, a fresh deploy, or a question to a person. */
import { formatCount, formatDuration } from '../../../shared/format.ts';
import type { Problem } from '../../../shared/model.ts';
import { explainExit } from '../listener-lines.ts';
import { isUpdating } from '../self-update.ts';

/** A listener that has listened for so long was restarted well: its count in a row begins anew. */
export const healthyAfterMs = 10 * 60_000;
/** Restarts in a row, of any kind, before a person is asked. */
export const maxRestarts = 8;
/** Redeploys in a row: a third one would only repeat what the two before it did. */
const maxRedeploys = 2;

const firstDelayMs = 5000;
const maxDelayMs = 5 * 60_000;
/** Runners that died together do not come back together. */
const jitterShare = 0.2;

export type RestartPlan =
  | {
      /** `start`: the same files and registration. `redeploy`: registered anew, from the newest package. */
      action: 'start' | 'redeploy';
      delayMs: number;
      /** What happened and what follows, in sentences. */
      reason: string;
      /** False for a self-update: it is no failure and adds nothing to the count in a row. */
      counted: boolean;
    }
  | { action: 'ask'; problem: Problem };

interface Rule {
  /** Starts in a row before something else is tried. */
  starts: number;
  /** Redeploys in a row that are tried then, before a person is asked. */
  redeploys: number;
  /** What a person does when nothing helped. */
  remedy: string;
}

const lookAtLog = 'Its log says why. Mend that, then start it again.';
const deployAgain = 'Remove it and deploy another; if that fails as well, its log says why.';

/** Whatever is not named here may pass by itself: it is started again, and a person asked after the bound. */
const mayPass: Rule = { starts: maxRestarts, redeploys: 0, remedy: lookAtLog };

const rules: Record<string, Rule> = {
  KILLED: {
    ...mayPass,
    remedy:
      'Find what ends it: mostly the machine runs out of memory (run fewer runners), or somebody stops it. Then start it again.',
  },
  LOST: {
    ...mayPass,
    remedy: 'Find what ends it: the machine’s own log names processes that were killed. Then start it again.',
  },
  SESSION_CONFLICT: {
    ...mayPass,
    remedy: 'Stop the other process that listens as this runner, or remove this runner and deploy another.',
  },
  // Space comes back by itself when a job's files are cleaned up, and nothing was started that could do harm.
  DISK: {
    ...mayPass,
    remedy: 'Free some disk space and check the permissions of its folder, then start it again.',
  },
  // After sleep or a boot, network time sets the clock within minutes; until then each start is merely refused.
  CLOCK_SKEW: {
    ...mayPass,
    remedy: 'Set the clock (switch on network time), then start the runner again.',
  },
  // Nothing changes by trying: the user this engine runs as stays the same.
  ROOT_REFUSED: { starts: 0, redeploys: 0, remedy: 'Run Trackside as an ordinary user.' },
  REGISTRATION_DELETED: { starts: 0, redeploys: maxRedeploys, remedy: deployAgain },
  NOT_CONFIGURED: { starts: 0, redeploys: maxRedeploys, remedy: deployAgain },
  FILES_DAMAGED: {
    starts: 0,
    redeploys: maxRedeploys,
    remedy: 'Check that its disk allows programs (no “noexec”) and is sound, then retry it.',
  },
  // Seen as a false alarm during an outage (actions/runner #4613), so a plain start comes first.
  VERSION_DEPRECATED: {
    starts: 1,
    redeploys: maxRedeploys,
    remedy:
      'Look whether GitHub has a disturbance and offers a newer runner for this machine, then retry it.',
  },
  // The old version still works and is offered the update again; if that fails too, the newest package replaces it.
  UPDATE_FAILED: {
    starts: 1,
    redeploys: maxRedeploys,
    remedy: 'Check that its disk has room and that downloads from GitHub pass, then retry it.',
  },
};

/**
 * Decides what follows an end that nobody asked for. Self-updates (exit codes 3 and 4) start again at once.
 *
 * @param end `problemCode`: as `explainExit` gives it. `exitCode`: null when nobody recorded it. `message`: what
 * happened, in a sentence; told by the exit code when left out. `restarts`: counted restarts in a row, the caller sets
 * it to 0 after `healthyAfterMs`. `redeploys`: how many of them were redeploys; when left out, all but the starts that
 * come first. `random`: 0 ≤ n < 1
 * @example planRestart({ problemCode: 'KILLED', exitCode: 137, restarts: 1, random }) // start after 10 s ± 20 %
 */
export function planRestart(end: {
  problemCode: string;
  exitCode: number | null;
  message?: string;
  restarts: number;
  redeploys?: number;
  random: () => number;
}): RestartPlan {
  const { problemCode, exitCode, restarts } = end;
  const message = end.message ?? explainExit(exitCode, []).message;
  if (isUpdating(exitCode)) return { action: 'start', delayMs: 0, reason: message, counted: false };
  const rule = rules[problemCode] ?? mayPass;
  const action = nextAction(rule, restarts, end.redeploys ?? Math.max(0, restarts - rule.starts));
  if (action === 'ask') return { action, problem: askAfter(problemCode, message, restarts, rule) };
  const delayMs = restartDelayMs(restarts, end.random);
  const what = action === 'start' ? 'Starts again' : 'Registers anew with the newest package';
  const reason = `${message} ${what} after ${formatDuration(delayMs)}, try ${restarts + 1}.`;
  return { action, delayMs, reason, counted: true };
}

function nextAction(rule: Rule, restarts: number, redeploys: number): 'start' | 'redeploy' | 'ask' {
  if (restarts >= maxRestarts) return 'ask';
  if (restarts < rule.starts) return 'start';
  return redeploys < rule.redeploys ? 'redeploy' : 'ask';
}

/** 5 s, 10 s, 20 s … at most 5 min, each 20 % more or less. */
function restartDelayMs(restarts: number, random: () => number): number {
  const base = Math.min(maxDelayMs, firstDelayMs * 2 ** restarts);
  return Math.round(base * (1 + jitterShare * (2 * random() - 1)));
}

function askAfter(code: string, message: string, restarts: number, rule: Rule): Problem {
  const tried =
    restarts === 0 ? message : `It was restarted ${formatCount(restarts, 'time')} in a row. ${message}`;
  return { code, message: tried, remedy: rule.remedy };
}
