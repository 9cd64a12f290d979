/** What stands right of now on a lane: how long a job may still take, and how long an idle runner stays. */
import { formatClock, formatRoughly } from '../../../shared/format.ts';
import type { Runner } from '../../../shared/model.ts';
import { countdownAt } from '../../components/countdown.ts';
import { runnerLook, type StateLook } from '../../components/runner-state.ts';
import { stepWords } from '../deploy/progress.ts';
import { keptWords, type Stay, stayOf } from '../runners/stay.ts';

/** What stands right of now on a lane. */
export interface Ahead {
  look: Pick<StateLook, 'tone'>;
  /** The main word or time: "12:41", "leaves in 3:36". */
  words: string;
  /** A few quieter words after it. */
  more: string;
  /** 0–1: how much of the expected time, or of the deploy, is done; null where unknown. */
  share: number | null;
  /** 0–1: how much of an idle runner's stay is left; null where it has no end. */
  stay: number | null;
}

const nothingMore = { more: '', share: null, stay: null };

/** What is to come on a runner's lane. */
export function aheadOf(runner: Runner, nowMs: number, expectedMs: number | null): Ahead {
  const look = runnerLook(runner);
  const stay = stayOf(runner, nowMs);
  if (stay?.kind === 'leaves') return leaving(stay, nowMs);
  if (stay?.kind === 'retries') {
    return { ...nothingMore, look, words: `again in ${formatClock(Math.max(0, stay.untilMs - nowMs))}` };
  }
  if (runner.state === 'busy') return atWork(runner, nowMs, expectedMs);
  if (runner.state === 'deploying' || runner.state === 'starting') {
    const words = activeStepWords(runner) || look.word;
    return { ...nothingMore, look, words, share: deployShare(runner) };
  }
  if (runner.state === 'failed') return { ...nothingMore, look, words: look.word };
  const more = keptWords(runner, nowMs) ?? formatRoughly(nowMs - runner.stateSince);
  return { ...nothingMore, look, words: look.word, more };
}

function leaving({ fromMs, untilMs }: Extract<Stay, { kind: 'leaves' }>, nowMs: number): Ahead {
  const { leftMs, share, seconds } = countdownAt(fromMs, untilMs, nowMs);
  return {
    ...nothingMore,
    look: { tone: seconds === null ? 'idle' : 'wait' },
    words: leftMs === 0 ? 'leaves now' : `leaves in ${formatClock(leftMs)}`,
    stay: share,
  };
}

function atWork(runner: Runner, nowMs: number, expectedMs: number | null): Ahead {
  const elapsedMs = nowMs - (runner.job?.startedAt ?? runner.stateSince);
  const share = expectedMs === null ? null : Math.min(1, elapsedMs / expectedMs);
  const more = runner.draining ? 'finishing' : expectedMs === null ? '' : leftWords(expectedMs - elapsedMs);
  return { ...nothingMore, look: runnerLook(runner), words: formatClock(elapsedMs), more, share };
}

/** What is left of the time that a job usually takes; it is an estimate and says so. */
function leftWords(leftMs: number): string {
  return leftMs <= 0 ? 'longer than usual' : `about ${formatRoughly(leftMs)} left`;
}

/** 0–1 of the deploy's steps that are done, with the present one's own progress. */
function deployShare(runner: Pick<Runner, 'steps'>): number | null {
  if (runner.steps.length === 0) return null;
  const done = runner.steps.reduce(
    (sum, { status, progress }) =>
      sum + (status === 'done' ? 1 : status === 'active' ? (progress ?? 0.3) : 0),
    0,
  );
  return done / runner.steps.length;
}

function activeStepWords(runner: Pick<Runner, 'steps'>): string {
  const active = runner.steps.find(({ status }) => status === 'active');
  if (active === undefined) return '';
  const { active: words } = stepWords[active.id];
  return active.progress === null ? words : `${words} ${Math.round(active.progress * 100)} %`;
}
