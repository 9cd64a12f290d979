/** A board, a history and rows for the tests of this folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job, Notification, NotificationSettings, Repository, Wait } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { createBoard } from '../board.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../history/database.ts';
import { createManualClock } from '../platform/clock.ts';
import type { DiskSpace } from '../platform/disk.ts';
import { createIncidentStore, type IncidentStore } from './incident-store.ts';
import { createIncidents, type Incidents } from './incidents.ts';

export const minute = 60_000;

/** A repository that was looked at a moment ago. */
export function repository(over: Partial<Repository> = {}): Repository {
  return {
    id: 'r',
    connectionId: 'c',
    fullName: 'octo/forge',
    visibility: 'private',
    defaultBranch: 'main',
    webUrl: 'https://github.com/octo/forge',
    checkedAt: 1,
    problem: null,
    watch: null,
    ...over,
  };
}

/** Jobs that wait for a label that nobody has. */
export function wait(over: Partial<Wait> = {}): Wait {
  const { jobs = 1 } = over;
  return {
    id: 'w',
    repositoryId: 'r',
    kind: 'label-missing',
    sentence: 'No runner has label `gpu`.',
    title: `${jobs} ${jobs === 1 ? 'job waits' : 'jobs wait'} for a runner with label \`gpu\``,
    missing: ['gpu'],
    nearest: null,
    mistake: null,
    evidence: [],
    repairs: [],
    passes: false,
    jobs,
    since: 0,
    failsAt: null,
    ...over,
  };
}

/** A queued job that waits for it. */
export function job(id: number, over: Partial<Job> = {}): Job {
  return {
    id: `r/${id}`,
    repositoryId: 'r',
    runId: 7,
    jobId: id,
    name: 'build',
    workflow: 'CI',
    workflowPath: null,
    branch: 'main',
    event: 'push',
    actor: 'octocat',
    labels: ['gpu'],
    status: 'queued',
    queuedAt: 0,
    startedAt: null,
    runnerName: null,
    url: null,
    waitId: 'w',
    position: null,
    estimate: null,
    ...over,
  };
}

/** Notifications that one door was told, as they come. */
export interface Door {
  told: Notification[];
  leave(): Promise<void>;
}

export type IncidentLab = ReturnType<typeof openIncidentLab>;

/** Incidents on a manual clock, whose engine can end and come back. @param startMs epoch milliseconds */
export function openIncidentLab(startMs = 0) {
  const folder = mkdtempSync(join(tmpdir(), 'incidents-'));
  const clock = createManualClock(startMs);
  let chosen: NotificationSettings = defaultSettings.notifications;
  let disk: DiskSpace | null = null;
  let number = 0;
  let database: HistoryDatabase;
  let board: ReturnType<typeof createBoard>;
  let incidents: Incidents;
  let isFull = false;
  const faults: unknown[] = [];

  const begin = (): void => {
    database = openHistoryDatabase({
      path: join(folder, 'history.db'),
      clock,
      onDamaged: (one) => faults.push(one),
    });
    board = createBoard(
      {
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
      },
      clock,
    );
    const store = createIncidentStore(database);
    const guarded: IncidentStore = {
      load: store.load,
      put(record) {
        if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        store.put(record);
      },
    };
    incidents = createIncidents({
      board,
      clock,
      store: guarded,
      settings: () => chosen,
      measureDisk: () => Promise.resolve(disk),
      createId: () => `i${++number}`,
      onFault: (error) => faults.push(error),
    });
    incidents.begin();
  };
  begin();

  return {
    clock,
    faults,
    get board() {
      return board;
    },
    get incidents() {
      return incidents;
    },
    rows: () => Object.values(board.current().incidents),
    choose(over: Partial<NotificationSettings>) {
      chosen = { ...chosen, ...over };
    },
    measure(space: DiskSpace | null) {
      disk = space;
    },
    /** Nothing can be written any more, or again. */
    fill(full: boolean) {
      isFull = full;
    },
    /** The engine is killed and another one begins. */
    restart() {
      database.dispose();
      begin();
    },
    /** Somebody begins to watch. */
    door(): Door {
      const told: Notification[] = [];
      const ending = new AbortController();
      const reading = (async () => {
        for await (const one of incidents.watch(ending.signal)) told.push(one);
      })();
      return {
        told,
        async leave() {
          ending.abort();
          await reading;
        },
      };
    },
    dispose() {
      incidents.dispose();
      database.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}
