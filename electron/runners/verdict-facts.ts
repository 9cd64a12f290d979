/** Gathers what is known of a job's end: from its runner's logs, the disk, the control group, the kernel and the forge. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Shift } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import { diskSpace } from '../platform/disk.ts';
import { type Diagnosis, readDiagnosis } from './diagnostic-logs.ts';
import type { JobFacts } from './verdict.ts';
import type { HostWitness } from './verdict-host.ts';

/** How the host was when a job began; kept beside the logs, for the engine that sees its end may be another one. */
const markSchema = z.object({
  shiftId: z.string(),
  bootId: z.string().nullable(),
  memoryEventsFile: z.string().nullable(),
  memoryKills: z.number().nullable(),
  /** The runner's processes before the job had any. */
  pids: z.array(z.number()),
});
type Mark = z.infer<typeof markSchema>;

/** A finished or lost job, as far as its listener's output tells. */
export interface JobEnd
  extends Pick<
    JobFacts,
    'result' | 'stoppedHere' | 'interrupted' | 'listenerEnd' | 'deregistered' | 'disconnectedMs'
  > {
  shift: Shift;
  /** Epoch milliseconds. */
  endedAt: number;
}

export interface RunnerFolders {
  runnerRoot: string;
  controlFolder: string;
}

export interface FactFinder {
  /** Remembers how the host is at a job's beginning. @param pids of the runner's processes */
  mark(folders: RunnerFolders, shiftId: string, pids: readonly number[]): Promise<void>;
  /** What its runner's own logs tell about a job. */
  diagnose(folders: RunnerFolders, end: Pick<JobEnd, 'shift' | 'endedAt' | 'result'>): Promise<Diagnosis>;
  /** Everything but the forge's view. Never rejects: what cannot be found out is null. */
  gather(folders: RunnerFolders, end: JobEnd, diagnosis: Diagnosis): Promise<JobFacts>;
}

/** Free space tells about a job's end only when it is looked at this soon afterwards. */
const freshMs = 30_000;

export function createFactFinder({ witness, clock }: { witness: HostWitness; clock: Clock }): FactFinder {
  const markPath = ({ controlFolder }: RunnerFolders): string => join(controlFolder, 'job.json');
  const readMark = async (folders: RunnerFolders, shiftId: string): Promise<Mark | null> => {
    const text = await readFile(markPath(folders), 'utf8').catch(() => '');
    const mark = markSchema.safeParse(parseJson(text));
    return mark.success && mark.data.shiftId === shiftId ? mark.data : null;
  };
  const freeBytes = async ({ runnerRoot }: RunnerFolders, endedAt: number): Promise<number | null> => {
    if (clock.now() - endedAt > freshMs) return null;
    return diskSpace(runnerRoot).then(
      (space) => space.freeBytes,
      () => null,
    );
  };
  const killsSince = async (mark: Mark | null): Promise<number | null> => {
    if (!mark?.memoryEventsFile || mark.memoryKills === null) return null;
    const now = await witness.memoryKills(mark.memoryEventsFile);
    return now === null ? null : now - mark.memoryKills;
  };
  /** The kernel's log is read only when some process of the runner was killed: that costs more than all the rest. */
  const wasKilledForMemory = async (end: JobEnd, diagnosis: Diagnosis, mark: Mark | null) => {
    const { exitCode, killedProcess } = diagnosis;
    const hasDied = exitCode !== null && (exitCode < 100 || exitCode > 105);
    if (end.result !== 'Lost' && !hasDied && !killedProcess && end.result !== 'Canceled') return false;
    const killed = await witness.killedForMemory(end.shift.startedAt);
    return [...diagnosis.pids, ...(mark?.pids ?? [])].some((pid) => killed.has(pid));
  };

  return {
    async mark(folders, shiftId, pids) {
      const file = pids[0] === undefined ? null : await witness.memoryEventsFile(pids[0]);
      const mark: Mark = {
        shiftId,
        bootId: await witness.bootId(),
        memoryEventsFile: file,
        memoryKills: file === null ? null : await witness.memoryKills(file),
        pids: [...pids],
      };
      const path = markPath(folders);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, JSON.stringify(mark), { mode: 0o600 });
    },
    diagnose: ({ runnerRoot }, { shift, endedAt, result }) =>
      readDiagnosis(runnerRoot, { jobName: shift.jobName, startedAt: shift.startedAt, endedAt, result }),
    async gather(folders, end, diagnosis) {
      const mark = await readMark(folders, end.shift.id);
      const [bootId, memoryKills, free, killedForMemory] = await Promise.all([
        witness.bootId(),
        killsSince(mark),
        freeBytes(folders, end.endedAt),
        wasKilledForMemory(end, diagnosis, mark),
      ]);
      const { result, stoppedHere, interrupted, listenerEnd, deregistered, disconnectedMs } = end;
      const { exitCode, cancelSent, noSpace, unreported } = diagnosis;
      return {
        ...{ result, stoppedHere, interrupted, listenerEnd, deregistered, disconnectedMs },
        worker: { exitCode, cancelSent, noSpace, unreported },
        hostRestarted: mark !== null && bootId !== null && mark.bootId !== null && mark.bootId !== bootId,
        killedForMemory,
        memoryKills,
        freeBytes: free,
        forgeConclusion: null,
      };
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
