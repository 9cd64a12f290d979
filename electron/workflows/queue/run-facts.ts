/**
 * What the jobs alone do not tell: the workflow file that a run was made from, and what the forge holds a run for. Asked
 * seldom, one after another, each file once: whoever wants something gets it when it is there.
 */
import type { RunDetail } from '../../../shared/model.ts';
import type { Forge, ForgeJob, RequestMeter, RunReader } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import { createWorkflowsAtCommit, type WorkflowSource } from '../runs/workflow-at-commit.ts';

export type RunGates = RunDetail['gates'];

export interface RunLookups {
  /** The file that the job's run was made from; null while it is not known, or when there is none. */
  file(repositoryId: string, job: RunOf): WorkflowSource | null;
  /** What the forge holds the run for; null while it is not known. */
  gates(repositoryId: string, job: RunOf): RunGates | null;
  /** What was wanted for runs that are not there any more is forgotten. */
  keep(repositoryId: string, jobs: readonly RunOf[]): void;
  dispose(): void;
}

type RunOf = Pick<ForgeJob, 'runId' | 'runAttempt' | 'workflowPath' | 'headSha'>;

export interface RunLookupsOptions {
  clock: Clock;
  /** @throws TracksideError when the repository or its token is gone */
  forgeOf(repositoryId: string): { forge: Forge; fullName: string };
  /** Counts on the account of the repository's connection. */
  meterOf(repositoryId: string): RequestMeter | undefined;
  /** Whether somebody looks at the panel. */
  isWatched(): boolean;
  /** Something that was wanted is there. */
  onNews(repositoryId: string): void;
}

/** Questions a minute: while somebody looks, and for what a person is told of although nobody does. */
const mostWatched = 6;
const mostUnwatched = 1;
const spanMs = 60_000;
/** What the forge holds a run for is asked again after so long. */
const gatesGoodMs = 120_000;

interface Want {
  repositoryId: string;
  /** Worth a question although nobody looks. */
  isUrgent: boolean;
  ask(signal: AbortSignal): Promise<boolean>;
}

interface Gates {
  reader: { forge: Forge; reader: RunReader } | null;
  known: RunGates | null;
  askedAt: number | null;
}

const fileKey = (repositoryId: string, { workflowPath, headSha }: RunOf): string =>
  `${repositoryId} ${headSha} ${workflowPath}`;
const runKey = (repositoryId: string, { runId, runAttempt }: RunOf): string =>
  `${repositoryId} ${runId} ${runAttempt}`;

export function createRunLookups(options: RunLookupsOptions): RunLookups {
  const { clock } = options;
  const files = new Map<string, WorkflowSource | null>();
  const gates = new Map<string, Gates>();
  const workflows = createWorkflowsAtCommit();
  const line = createQuestionLine(options);

  const askFile = (repositoryId: string, job: RunOf): void => {
    const { workflowPath: path, headSha } = job;
    const key = fileKey(repositoryId, job);
    if (path === null || headSha === null) return;
    line.want(key, {
      repositoryId,
      isUrgent: false,
      async ask(signal) {
        const source = await workflows.source(options.forgeOf(repositoryId), { path, headSha }, signal);
        files.set(key, source);
        return source !== null;
      },
    });
  };

  const askGates = (repositoryId: string, { runId }: RunOf, held: Gates, key: string): void => {
    line.want(key, {
      repositoryId,
      isUrgent: held.askedAt === null,
      async ask(signal) {
        held.askedAt = clock.now();
        const { forge, fullName } = options.forgeOf(repositoryId);
        if (held.reader?.forge !== forge) {
          held.reader = { forge, reader: forge.runReader(fullName, runId, options.meterOf(repositoryId)) };
        }
        const sight = await held.reader.reader.look(signal);
        const isNews = held.known === null || sight.isNews;
        held.known = sight.gates;
        return isNews;
      },
    });
  };

  return {
    file(repositoryId, job) {
      const known = files.get(fileKey(repositoryId, job));
      if (known === undefined) askFile(repositoryId, job);
      return known ?? null;
    },
    gates(repositoryId, job) {
      const key = runKey(repositoryId, job);
      const held = gates.get(key) ?? { reader: null, known: null, askedAt: null };
      gates.set(key, held);
      if (held.askedAt === null || clock.now() - held.askedAt >= gatesGoodMs) {
        askGates(repositoryId, job, held, key);
      }
      return held.known;
    },
    keep(repositoryId, jobs) {
      const wanted = new Set(jobs.flatMap((job) => [fileKey(repositoryId, job), runKey(repositoryId, job)]));
      for (const kept of [files, gates]) {
        for (const key of kept.keys()) {
          if (key.startsWith(`${repositoryId} `) && !wanted.has(key)) kept.delete(key);
        }
      }
      line.keep(repositoryId, wanted);
    },
    dispose: line.dispose,
  };
}

/** Asks what is wanted, one after another and no more than a few a minute. */
function createQuestionLine(options: RunLookupsOptions) {
  const { clock } = options;
  const abort = new AbortController();
  const urgent = new Map<string, Want>();
  const others = new Map<string, Want>();
  let asked: number[] = [];
  let isAsking = false;
  let cancelNext: (() => void) | null = null;

  const next = (): { key: string; want: Want } | null => {
    const isWatched = options.isWatched();
    const [entry] = urgent.size > 0 || !isWatched ? urgent : others;
    if (!entry) return null;
    asked = asked.filter((at) => Math.abs(clock.now() - at) < spanMs);
    if (asked.length >= (isWatched ? mostWatched : mostUnwatched)) return null;
    return { key: entry[0], want: entry[1] };
  };
  const pump = (): void => {
    if (isAsking || abort.signal.aborted) return;
    const found = next();
    if (!found) {
      if (cancelNext !== null || urgent.size + others.size === 0) return;
      cancelNext = clock.after(spanMs / mostWatched, () => {
        cancelNext = null;
        pump();
      });
      return;
    }
    const { key, want } = found;
    urgent.delete(key);
    others.delete(key);
    asked.push(clock.now());
    isAsking = true;
    want
      .ask(abort.signal)
      // It is wanted again with the next look, and told by the watch where the forge cannot be asked at all.
      .catch(() => false)
      .then((isNews) => {
        isAsking = false;
        if (abort.signal.aborted) return;
        if (isNews) options.onNews(want.repositoryId);
        pump();
      });
  };

  return {
    want(key: string, want: Want): void {
      const line = want.isUrgent ? urgent : others;
      if (!line.has(key)) line.set(key, want);
      pump();
    },
    keep(repositoryId: string, keys: ReadonlySet<string>): void {
      for (const line of [urgent, others]) {
        for (const [key, want] of line) {
          if (want.repositoryId === repositoryId && !keys.has(key)) line.delete(key);
        }
      }
    },
    dispose(): void {
      abort.abort(new Error('The queue is not looked at any more.'));
      cancelNext?.();
      urgent.clear();
      others.clear();
    },
  };
}
