/** The logs service on a fresh folder for tests: real files, a board, and a forge that answers as the test says. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { TracksideError } from '../../shared/errors.ts';
import type { LogSource, LogState, Shift } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../board.ts';
import type { ForgeDownload } from '../forges/forge.ts';
import { testRunner } from '../forges/testing.ts';
import { createLogs, type Logs } from '../logs/logs.ts';
import { systemClock } from '../platform/clock.ts';
import { listenerLogPath } from '../runners/control-folder.ts';

const shift: Shift = {
  ...{ id: 's', runnerId: 'r1', runnerName: 'arm-1', repositoryId: 'x', jobName: 'build' },
  ...{ startedAt: 1000, endedAt: null, result: null, jobId: null, url: null, verdict: null },
};

/** One reader of a log. */
export interface LogReading {
  states: LogState[];
  /** Resolves with the latest state once one fits; rejects when the log fails before. */
  until(fits: (state: LogState) => boolean): Promise<LogState>;
  /** Rejects with what the log failed with. */
  failed: Promise<never>;
  close(): Promise<void>;
}

export interface LogLab {
  /** The runner `r1`, named arm-1, of the repository `x` is on it. */
  board: BoardPublisher;
  logs: Logs;
  listenerPath: string;
  cacheFolder: string;
  shifts: Map<string, Shift>;
  /** What the forge answers when it is asked for a log; UNKNOWN at first. */
  answer: (jobId: number) => Promise<ForgeDownload>;
  /** Jobs whose logs the forge was asked for, and names of the jobs that it was asked to find. */
  asked: number[];
  named: (string | undefined)[];
  /** A piece that the worker of `r1` writes. */
  page(name: string): string;
  cached(): Promise<string[]>;
  follow(source: LogSource, tail?: number): LogReading;
  /** The job `build` begins on the runner. */
  runJob(startedAt?: number): void;
  endJob(): void;
  /** Another engine on the same folder. */
  reopen(): Promise<void>;
  dispose(): Promise<void>;
}

export async function createLogLab(): Promise<LogLab> {
  const folder = await mkdtemp(join(tmpdir(), 'logs-'));
  const cacheFolder = join(folder, 'cache');
  const control = join(folder, 'control');
  await mkdir(control);
  await mkdir(join(folder, 'root/_diag/pages'), { recursive: true });
  const board = createBoard({
    ...{
      now: 0,
      version: '0',
      demo: false,
      host: null,
      load: null,
      tokenStore: 'memory',
      dataFolder: folder,
    },
    ...{ settings: defaultSettings, surroundings: null, quitting: null },
  });
  board.set('runners', 'r1', testRunner({ id: 'r1', repositoryId: 'x', name: 'arm-1' }));
  const readings = new Set<LogReading>();
  const shifts = new Map<string, Shift>();
  const open = (): Logs =>
    createLogs({
      board,
      rootOf(runnerId) {
        if (runnerId !== 'r1') throw new TracksideError('UNKNOWN', 'There is no such runner.');
        return join(folder, 'root');
      },
      controlFolderOf: () => control,
      shifts: {
        get: (id) => shifts.get(id) ?? null,
        put: (row) => void shifts.set(row.id, row),
        latest: (runnerId) => [...shifts.values()].findLast((row) => row.runnerId === runnerId) ?? null,
      },
      forgeOf: () => ({
        fullName: 'octo/forge',
        forge: {
          jobLog(_repository, jobId) {
            lab.asked.push(jobId);
            return lab.answer(jobId);
          },
          async jobOnRunner(_repository, _runner, _at, _signal, jobName) {
            lab.named.push(jobName);
            return { id: 7, url: 'https://example.com/7' } as never;
          },
        },
      }),
      cacheFolder,
      clock: systemClock,
    });
  const lab: LogLab = {
    ...{ board, cacheFolder, shifts, asked: [], named: [] },
    logs: open(),
    listenerPath: listenerLogPath(control),
    answer: async () => {
      throw new TracksideError('UNKNOWN', 'There is none.');
    },
    page: (name) => join(folder, 'root/_diag/pages', name),
    cached: () => readdir(join(cacheFolder, 'logs')).catch(() => []),
    follow(source, tail = 100) {
      const reading = read(lab.logs, source, tail);
      readings.add(reading);
      return reading;
    },
    runJob(startedAt = 1000) {
      const row = board.current().runners.r1;
      if (row) board.set('runners', 'r1', { ...row, job: { name: 'build', startedAt, url: null } });
      shifts.set(`s${startedAt}`, { ...shift, id: `s${startedAt}`, startedAt });
    },
    endJob() {
      const row = board.current().runners.r1;
      if (row) board.set('runners', 'r1', { ...row, job: null });
    },
    async reopen() {
      await lab.logs.dispose();
      lab.logs = open();
    },
    async dispose() {
      await Promise.all([...readings].map(({ close }) => close()));
      await lab.logs.dispose();
      await rm(folder, { recursive: true });
    },
  };
  return lab;
}

function read(logs: Logs, source: LogSource, tail: number): LogReading {
  const abort = new AbortController();
  const states: LogState[] = [];
  let wake = (): void => {};
  const reading = (async () => {
    for await (const state of logs.follow({ source, tail }, abort.signal)) {
      states.push(state);
      wake();
    }
  })();
  const failed = reading.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    states,
    failed,
    async until(fits) {
      for (;;) {
        const found = states.at(-1);
        if (found && fits(found)) return found;
        const next = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([next, failed]);
      }
    },
    async close() {
      abort.abort();
      await reading.catch(() => {});
    },
  };
}

/** What the forge sends: at once where `text` is given, else as the test writes it. */
export function download(text?: string): ForgeDownload & { stream: PassThrough } {
  const stream = new PassThrough();
  if (text !== undefined) stream.end(text);
  return { stream, sizeBytes: text === undefined ? null : Buffer.byteLength(text) };
}

/** All that a stream gives. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
