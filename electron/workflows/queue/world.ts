/** What a diagnosis knows: one job, and everything around it that could be why it waits. Plain data, no services. */
import type {
  Hold,
  LabelMistake,
  Pool,
  PoolState,
  Repair,
  Repository,
  RunDetail,
  Runner,
  Wait,
  WaitKind,
} from '../../../shared/model.ts';
import type { ForgeStatus } from '../../forges/forge.ts';

/** A line of a workflow file that asks for labels. */
export interface RunsOnLine {
  path: string;
  /** From 1. */
  line: number;
  text: string;
}

/** What is known of the run beside its jobs; null where nobody has looked. */
export interface RunFacts {
  /** What the forge says that the run waits for. */
  gates: RunDetail['gates'] | null;
  /** Name of the job's environment, as its workflow file has it. */
  environment: string | null;
  /** The concurrency group, as its workflow file has it; an expression where a run resolves it. */
  concurrency: string | null;
  /** Jobs of the same workflow that run now: one of them has the concurrency group. */
  ahead: { name: string; url: string | null }[];
}

/** A job that waits. Times are epoch milliseconds. */
export interface WaitingJob {
  name: string;
  workflow: string;
  workflowPath: string | null;
  runId: number;
  /** False for a run that has no job yet. */
  isMade: boolean;
  status: 'queued' | 'waiting' | 'pending';
  labels: readonly string[];
  queuedAt: number;
  url: string | null;
  /** Queued jobs that ask for the same labels, this one included. */
  alike: number;
  /** Names of the jobs that come before it and have not ended; null for a job that the forge has made. */
  needs: readonly string[] | null;
  run: RunFacts | null;
  runsOn: RunsOnLine | null;
  /** Where its workflow file is edited on the forge. */
  editUrl: string | null;
}

/** A runner that the token can see, or one of our own. */
export interface WorldRunner {
  name: string;
  labels: readonly string[];
  /** What the forge said of it last; `absent`: it does not list it. */
  forge: 'online' | 'offline' | 'absent';
  busyOnForge: boolean;
  /** Whether it has ever connected; null where the forge does not tell. */
  hasConnected: boolean | null;
  group: string | null;
  /** Why it takes no job of this repository; null where it does. */
  excluded: string | null;
  /** The board's row of one that this engine created. */
  own: Pick<Runner, 'id' | 'poolId' | 'state' | 'stateSince' | 'cause' | 'draining' | 'retryAt'> | null;
  /** The job it runs, as far as one is in sight. */
  job: { name: string; since: number | null } | null;
  /** Since when the forge shows it as it is now; null when that was so when it was first seen. */
  since: number | null;
}

export interface WorldPool extends Pick<Pool, 'id' | 'name' | 'lifecycle' | 'scaling' | 'paused'> {
  /** All labels that its runners have. */
  labels: readonly string[];
  /** Runners it has, in whatever state. */
  count: number;
  hold: Hold | null;
  demand: PoolState['demand'];
}

/** One of our runners that is gone. */
export interface DepartedRunner {
  name: string;
  labels: readonly string[];
  at: number;
  cause: string;
}

export interface World {
  now: number;
  /** When the forge was last looked at, and when it last listed the runners. */
  seenAt: number;
  runnersReadAt: number;
  repository: Pick<Repository, 'id' | 'fullName' | 'webUrl'>;
  runners: readonly WorldRunner[];
  pools: readonly WorldPool[];
  departed: readonly DepartedRunner[];
  status: ForgeStatus | null;
  /** Why the forge cannot be asked, in one sentence; null while it can. */
  trouble: string | null;
  /** When this machine last woke from sleep. */
  wokeAt: number | null;
  labelsIgnoreCase: boolean;
  offersHosted: boolean;
  /** Labels that a runner of this machine gets by itself. */
  defaultLabels: readonly string[];
  /** Whether runners can be deployed on this machine at all. */
  canDeploy: boolean;
}

export type Evidence = Wait['evidence'][number];

/** Why a job waits. */
export interface WaitReason {
  kind: WaitKind;
  /** Names the cause within its kind and repository: jobs with the same one wait for the same thing. */
  key: string;
  sentence: string;
  title(count: number): string;
  missing: string[];
  nearest: string | null;
  mistake: LabelMistake | null;
  evidence: Evidence[];
  repairs: Repair[];
  passes: boolean;
  /** When the first of the jobs fails for having waited a day; null unless that is near. */
  failsAt: number | null;
  /** When time alone may make another reason of it, epoch milliseconds; null when it cannot. */
  changesAt: number | null;
}
