/** The checks of one runner's health: pure functions of what was found out about it, each with a sentence. */
import {
  formatBytes,
  formatBytesOf,
  formatDateTime,
  formatDuration,
  formatRoughly,
} from '../../../shared/format.ts';
import type { HealthCheck, Problem, Runner, RunnerState } from '../../../shared/model.ts';
import { gigabyte } from '../../../shared/sizes.ts';
import type { DiskSpace } from '../../platform/disk.ts';
import { liveStates } from '../lifecycle.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A listener that has lost the forge for longer than this counts as down. */
export const reconnectGraceMs = 2 * minuteMs;
/** A process that has been gone for so long without having been noticed will not be noticed any more. */
const unnoticedMs = 30_000;
/** A listener normally listens within seconds of its start. */
const slowStartMs = 2 * minuteMs;
/** The forge's view follows a session's begin and end by up to this. */
const forgeLagMs = 2 * minuteMs;
/** An idle listener that the forge has not seen for so long is stuck (actions/runner #3478). */
const stuckMs = 5 * minuteMs;
/** Older than this, the forge's view says nothing about now. */
const staleViewMs = 10 * minuteMs;
export const lowDiskBytes = 2 * gigabyte;
const fullDiskBytes = gigabyte / 2;
const lowMemoryShare = 0.05;
const noMemoryShare = 0.02;
const noticeableSkewMs = 30_000;
/** Beyond this the forge refuses the listener's sign-in. */
const refusedSkewMs = 5 * minuteMs;

/** What was found out about a runner; nothing in it is asked of the forge for this. */
export interface RunnerFacts {
  now: number;
  runner: Runner;
  /** Its session of processes by the number of the leading shim; null when it has none. */
  process: {
    pid: number;
    /** Since when none of them has been in the process table. */
    goneSince: number | null;
    /** The shim is gone while others of the session live. */
    isShimGone: boolean;
  } | null;
  /** The last look at its repository, and since when it has shown the runner otherwise than it is here. */
  forge: { checkedAt: number | null; problem: Problem | null; differsSince: number | null };
  host: HostFacts;
  /** This machine's clock minus the forge's; null while unknown. */
  clockSkewMs: number | null;
}

export interface HostFacts {
  /** Of the disk with the runners' folders; null when it could not be read. */
  disk: DiskSpace | null;
  memory: { totalBytes: number; freeBytes: number };
}

type Finding = Pick<HealthCheck, 'status' | 'detail'>;

const checks: { id: HealthCheck['id']; title: string; look(facts: RunnerFacts): Finding }[] = [
  { id: 'process', title: 'Process', look: checkProcess },
  { id: 'listener', title: 'Listener', look: checkListener },
  { id: 'forge', title: 'GitHub’s view', look: checkForge },
  { id: 'disk', title: 'Disk', look: checkDisk },
  { id: 'memory', title: 'Memory', look: checkMemory },
  { id: 'clock', title: 'Clock', look: checkClock },
  { id: 'version', title: 'Version', look: checkVersion },
];

/** All seven checks, always in the same order. */
export function checkRunner(facts: RunnerFacts): HealthCheck[] {
  return checks.map(({ id, title, look }) => ({ id, title, ...look(facts), checkedAt: facts.now }));
}

/** The failed check that a restart of the listener mends; null when there is none, and always while a job may run. */
export function restartWorthy(runner: Runner, found: readonly HealthCheck[]): HealthCheck | null {
  if (runner.state === 'busy' || runner.draining || runner.updating) return null;
  return found.find(({ id, status }) => status === 'failed' && (id === 'process' || id === 'forge')) ?? null;
}

/** Whether the forge shows the runner online where it is not here, or the other way round; `busy` is never looked at. */
export function forgeDiffers({ state, forgeStatus, forgeRunnerId, updating }: Runner): boolean {
  if (forgeRunnerId === null || updating) return false;
  if (state === 'idle' || state === 'busy') return forgeStatus !== 'online';
  return (state === 'stopped' || state === 'failed') && forgeStatus === 'online';
}

const ok = (detail: string): Finding => ({ status: 'ok', detail });
const warning = (detail: string): Finding => ({ status: 'warning', detail });
const failed = (detail: string): Finding => ({ status: 'failed', detail });
const unknown = (detail: string): Finding => ({ status: 'unknown', detail });

/** Why there is nothing to look at, for states without a listener. */
const withoutListener: Partial<Record<RunnerState, string>> = {
  deploying: 'It is being deployed: nothing runs yet.',
  stopped: 'It is stopped: nothing runs, as it should be.',
  removing: 'It is being removed.',
  failed: 'Nothing runs since it has failed.',
};

function checkProcess({ runner, process, now }: RunnerFacts): Finding {
  const none = withoutListener[runner.state];
  if (none) return unknown(none);
  if (!process) {
    if (runner.retryAt !== null)
      return unknown(`Nothing runs: it is started again in ${formatDuration(runner.retryAt - now)}.`);
    return unknown('Its process is being started or looked for.');
  }
  const { pid, goneSince, isShimGone } = process;
  if (goneSince === null && isShimGone)
    return warning(
      `Process ${pid}, which keeps the listener’s exit code, was killed; the listener goes on, restart it when it is idle.`,
    );
  if (goneSince === null) return ok(`Process ${pid} lives.`);
  if (now - goneSince < unnoticedMs)
    return warning(`Process ${pid} has just ended; what follows is decided now.`);
  return failed(`Process ${pid} ended unnoticed; restart the runner if it is not restarted within a minute.`);
}

function checkListener({ runner, now }: RunnerFacts): Finding {
  const { state, failure, updating } = runner;
  const since = now - runner.stateSince;
  if (state === 'failed' && failure)
    return failed([failure.message, failure.remedy].filter(Boolean).join(' '));
  const none = withoutListener[state];
  if (none) return unknown(none);
  if (updating) return ok('It replaces itself by a newer version.');
  if (state === 'idle') return ok(`It has waited for jobs for ${formatRoughly(since)}.`);
  if (state === 'busy') return ok(runner.job ? `It runs “${runner.job.name}”.` : 'It runs a job.');
  if (state === 'stopping') return ok('It is being stopped.');
  if (state === 'reconnecting') return describeReconnecting(since);
  if (since <= slowStartMs || runner.retryAt !== null) return unknown('It is being started.');
  return warning(
    `It was started ${formatRoughly(since)} ago and does not listen yet; look at its log, which says what it waits for.`,
  );
}

function describeReconnecting(since: number): Finding {
  if (since <= reconnectGraceMs)
    return warning(`It lost GitHub ${formatDuration(since)} ago and tries again by itself.`);
  return failed(
    `It has been without GitHub for ${formatRoughly(since)} and goes on trying; check this machine’s network and proxy, and whether GitHub tells of a disturbance.`,
  );
}

function checkForge({ runner, forge, now }: RunnerFacts): Finding {
  const { forgeStatus, state } = runner;
  if (runner.forgeRunnerId === null) return unknown('It is not registered.');
  if (forge.problem) return unknown(`GitHub cannot be asked: ${forge.problem.message}`);
  if (forge.checkedAt === null) return unknown('GitHub has not been asked yet.');
  if (now - forge.checkedAt > staleViewMs)
    return unknown(`GitHub was last asked ${formatRoughly(now - forge.checkedAt)} ago.`);
  if (forge.differsSince === null || !forgeDiffers(runner)) {
    const shown = forgeStatus === 'unknown' ? 'does not list it' : `shows it ${forgeStatus}`;
    return liveStates.includes(state) && forgeStatus === 'online'
      ? ok(`GitHub ${shown}.`)
      : unknown(`GitHub ${shown}, which fits: it is ${state} here.`);
  }
  return describeDifference(runner, Math.max(0, forge.checkedAt - forge.differsSince));
}

/** @param lastedMs counted to GitHub's last answer: what it says in between is not known */
function describeDifference({ state, forgeStatus }: Runner, lastedMs: number): Finding {
  const lasted = formatRoughly(lastedMs);
  if (forgeStatus === 'online') {
    if (lastedMs <= forgeLagMs) return unknown(`GitHub still shows it online though it is ${state} here.`);
    return warning(
      `GitHub has shown it online for ${lasted} though it is ${state} here; look whether another machine runs it.`,
    );
  }
  if (lastedMs <= forgeLagMs)
    return unknown(`GitHub does not show it online yet; its view may be two minutes late.`);
  const shown = forgeStatus === 'offline' ? 'has shown it offline' : 'has not listed it';
  if (state === 'idle' && lastedMs > stuckMs)
    return failed(
      `GitHub ${shown} for ${lasted} though it waits for jobs here: it is stuck; restart it if it is not restarted within a minute.`,
    );
  return warning(
    `GitHub ${shown} for ${lasted} though it is ${state} here; restart it when it is idle, unless this passes.`,
  );
}

function checkDisk({ host: { disk } }: RunnerFacts): Finding {
  if (!disk) return unknown('The free space of its disk could not be read.');
  const free = `${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} are free`;
  if (disk.freeBytes < fullDiskBytes)
    return failed(`Only ${free} on its disk: jobs will fail; free some space now.`);
  if (disk.freeBytes < lowDiskBytes)
    return warning(`Only ${free} on its disk; free some space before jobs need it.`);
  return ok(`${free} on its disk.`);
}

function checkMemory({ host: { memory } }: RunnerFacts): Finding {
  const free = `${formatBytesOf(memory.freeBytes, memory.totalBytes)} of this machine’s memory are free`;
  const share = memory.freeBytes / memory.totalBytes;
  if (share < noMemoryShare)
    return failed(`Only ${free}: processes will be killed; run fewer runners or end other programs now.`);
  if (share < lowMemoryShare) return warning(`Only ${free}; run fewer runners or end other programs.`);
  return ok(`${free}.`);
}

function checkClock({ clockSkewMs }: RunnerFacts): Finding {
  if (clockSkewMs === null) return unknown('GitHub’s time is not known yet.');
  const off = `${formatDuration(Math.abs(clockSkewMs))} ${clockSkewMs > 0 ? 'ahead of' : 'behind'} GitHub’s`;
  if (Math.abs(clockSkewMs) >= refusedSkewMs)
    return failed(
      `This machine’s clock is ${off}, so GitHub refuses the runner; set it (switch on network time).`,
    );
  if (Math.abs(clockSkewMs) >= noticeableSkewMs)
    return warning(
      `This machine’s clock is ${off}; set it before it is five minutes off and GitHub refuses the runner.`,
    );
  return ok('This machine’s clock agrees with GitHub’s.');
}

function checkVersion({ runner: { version, versionDeadline }, now }: RunnerFacts): Finding {
  if (version === null) return unknown('Its version is not known yet.');
  if (versionDeadline === null) return unknown(`Version ${version}: GitHub tells no end for it.`);
  const left = versionDeadline - now;
  const end = formatDateTime(versionDeadline);
  if (left <= 0)
    return failed(
      `GitHub has given no jobs to version ${version} since ${end}; remove the runner and deploy another.`,
    );
  if (left <= 7 * dayMs)
    return warning(
      `GitHub gives jobs to version ${version} only for ${formatRoughly(left)} more; if it does not update itself, deploy another now.`,
    );
  if (left <= 30 * dayMs)
    return warning(
      `GitHub gives jobs to version ${version} until ${end}; it updates itself with its next jobs, else deploy another before then.`,
    );
  return ok(`GitHub gives jobs to version ${version} until ${end}.`);
}
