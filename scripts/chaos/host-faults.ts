/** Faults of this host: processes that die, files that are damaged, a clock that jumps, a disk that is full. */
import { existsSync } from 'node:fs';
import { open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mountSmallDisk, type SmallDisk } from '../../electron/testing/small-disk.ts';
import { startEngineChild } from './engine-child.ts';
import { busyRunner, type Fault, killProgram, recordOf, wait } from './fault.ts';
import type { ChaosLab } from './lab.ts';
import { nameGone } from './name-fault.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = async (): Promise<string | null> =>
  isRoot && process.platform === 'linux' ? null : 'it needs root on Linux';

/** Waits until the panel tells of something that was set aside. */
async function expectNotice(lab: ChaosLab, what: string): Promise<void> {
  await lab.engine.when(
    ({ notices }) => Object.values(notices).some(({ kind }) => kind === 'set-aside'),
    20_000,
    `a notice about ${what}`,
  );
}

/** Overwrites the middle of a file, as a bad disk would. */
async function damage(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  try {
    const garbage = Buffer.alloc(Math.max(64, Math.floor(size / 2)), 0xa5);
    await file.write(garbage, 0, garbage.length, 0);
  } finally {
    await file.close();
  }
}

let disk: SmallDisk | null = null;

export const hostFaults: Fault[] = [
  {
    name: 'engine-killed',
    title: 'The engine is killed twenty times, at random moments',
    verdicts: [],
    async inject(lab, random) {
      for (let time = 0; time < 20; time += 1) {
        await wait(200 + random() * 1500);
        await lab.restartEngine();
      }
    },
  },
  {
    name: 'listener-killed',
    title: 'The listener of a busy runner is killed, three times',
    verdicts: ['listener-died', 'worker-died'],
    async inject(lab) {
      for (let time = 0; time < 3; time += 1) await killProgram(lab, 'Listener');
    },
  },
  {
    name: 'worker-killed',
    title: 'The worker of a busy runner is killed, three times',
    verdicts: ['worker-died', 'out-of-memory'],
    async inject(lab) {
      for (let time = 0; time < 3; time += 1) await killProgram(lab, 'Worker');
    },
  },
  {
    name: 'masked-exit',
    title: 'A listener ends with code 1, which run.sh would have called success',
    verdicts: ['listener-died', 'worker-died'],
    async inject(lab) {
      const runner = await busyRunner(lab);
      const root = join(lab.dataFolder, 'runners', runner.id, 'runner');
      for (const name of ['.runner', '.credentials']) await rm(join(root, name), { force: true });
      await killProgram(lab, 'Listener');
      const again = await lab.engine.when(
        ({ runners }) => (runners[runner.id]?.state ?? 'idle') === 'idle',
        120_000,
        `${runner.name} registered anew`,
      );
      if (!again) throw new Error('It did not come back.');
    },
  },
  {
    name: 'clock-forward',
    title: 'The clock is set ten minutes forward, and back again',
    verdicts: [],
    async inject(lab) {
      lab.engine.tellClock({ stepMs: 600_000 });
      await wait(10_000);
      lab.engine.tellClock({ stepMs: -600_000 });
    },
  },
  {
    name: 'clock-back',
    title: 'The clock is set ten minutes back, and forward again',
    verdicts: [],
    async inject(lab) {
      lab.engine.tellClock({ stepMs: -600_000 });
      await wait(10_000);
      lab.engine.tellClock({ stepMs: 600_000 });
    },
  },
  {
    name: 'disk-full',
    title: 'The disk is full for fifteen seconds',
    verdicts: ['disk-full', 'worker-died', 'listener-died'],
    impossible: needsRoot,
    async prepare(dataFolder) {
      disk = mountSmallDisk(dataFolder, 1024 ** 3);
    },
    async inject() {
      disk?.fill();
      await wait(15_000);
      disk?.free();
    },
  },
  {
    name: 'corrupt-state',
    title: 'The engine is killed, and the record of a runner is garbage when it comes back',
    verdicts: [],
    async inject(lab) {
      const { id } = await busyRunner(lab);
      await lab.engine.kill();
      await writeFile(recordOf(lab, id), '{"id": 7, \u0000garbage');
      await lab.restartEngine();
      await expectNotice(lab, 'the record');
    },
  },
  {
    name: 'corrupt-database',
    title: 'The engine is killed, and its database is garbage when it comes back',
    verdicts: [],
    async inject(lab) {
      await busyRunner(lab);
      await lab.engine.kill();
      await damage(join(lab.dataFolder, 'history.db'));
      for (const end of ['-wal', '-shm']) await rm(join(lab.dataFolder, `history.db${end}`), { force: true });
      await lab.restartEngine();
      await expectNotice(lab, 'the database');
    },
  },
  {
    name: 'two-engines',
    title: 'A second engine is started on the same folder',
    verdicts: [],
    async inject(lab) {
      const attempts = Array.from({ length: 3 }, () =>
        startEngineChild(lab.order).then(
          (second) => second.kill().then(() => 'started'),
          () => 'refused',
        ),
      );
      const outcomes = await Promise.all(attempts);
      if (outcomes.includes('started')) throw new Error('Two engines ran on one folder.');
      if (!existsSync(join(lab.dataFolder, 'engine.sock')))
        throw new Error('The first engine lost its socket.');
    },
  },
  nameGone,
];
