/** A disk that fills up at the worst moments: the sentence says which and what for, nothing half-made stays, nothing is lost. */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, type TestContext, test, vi } from 'vitest';
import type { DeployStepId, Problem } from '../shared/model.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';
import { runnerRecordSchema } from './runners/record.ts';
import { deployRequest, type EngineLab, isReady } from './testing/engine-lab.ts';
import {
  createPanelClient,
  expectNothingLeft,
  type HostileLab,
  openHostileLab,
  refusal,
  registered,
  removeAll,
  when,
  whenAllReady,
  whenSettled,
} from './testing/hostile-lab.ts';
import { mountSmallDisk, noSmallDisks, type SmallDisk } from './testing/small-disk.ts';

vi.setConfig({ testTimeout: 60_000 });

const mebibyte = 1024 ** 2;
/** Large enough to be caught amid its download and its extraction. */
const paddingBytes = 12 * mebibyte;
/** What is kept free, the package and its files twice over. */
const diskBytes = 80 * mebibyte;

let hostile: HostileLab | null = null;
afterEach(async () => {
  vi.unstubAllEnvs();
  await hostile?.dispose();
  hostile = null;
});

const reason = noSmallDisks();

/** A lab with its data or cache folder on a small disk, and a package that takes a while. */
async function openOnSmallDisk(
  { skip }: TestContext,
  which: 'dataFolder' | 'cacheFolder',
): Promise<{ lab: HostileLab; disk: SmallDisk }> {
  if (reason) skip(reason);
  const disks: SmallDisk[] = [];
  const prepare = async (lab: EngineLab): Promise<void> => {
    disks.push(mountSmallDisk(lab[which], diskBytes));
  };
  const lab = await openHostileLab({ prepare });
  hostile = lab;
  const file = join(lab.folder, 'large.tar.gz');
  await buildPracticeRunnerArchive({
    ...{ os: 'linux', architecture: 'x64', version: '2.336.0', destination: file },
    bundleFolder: lab.practiceRunnerFolder,
    nodePath: process.execPath,
    padding: { files: 40, bytes: paddingBytes },
  });
  lab.github.faults.set({ kind: 'replace-archive', file });
  const [disk] = disks;
  if (!disk) throw new Error('No disk was mounted');
  return { lab, disk };
}

/** Resolves amid a step: it is active and, where it tells its progress, some of it is done. */
async function amid(lab: HostileLab, id: DeployStepId, progress: number | null): Promise<void> {
  await when(lab, (rows) =>
    rows.some(({ steps }) =>
      steps.some(
        (step) =>
          step.id === id &&
          step.status === 'active' &&
          (progress === null || (step.progress ?? 0) >= progress),
      ),
    ),
  );
}

const failures = (lab: HostileLab): Problem[] =>
  Object.values(lab.engine.board.current().runners).flatMap(({ failure }) => failure ?? []);

/** Frees the disk and goes on as a person would. */
async function expectRetryWorks(lab: HostileLab, disk: SmallDisk): Promise<void> {
  disk.free();
  for (const { id } of Object.values(lab.engine.board.current().runners)) {
    await lab.client.runners.retry({ runnerId: id });
  }
  await whenAllReady(lab, 2);
  expect(registered(lab)).toEqual(['arm-1', 'arm-2']);
  await removeAll(lab);
  await expectNothingLeft(lab);
}

const caches: [step: DeployStepId, purpose: string][] = [
  ['download', 'the download of actions-runner-'],
  ['extract', 'the files of actions-runner-'],
];

test.for(caches)('the cache’s disk fills up amid the %s', async ([step, purpose], context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'cacheFolder');
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 2));
  await amid(lab, step, 0.01);
  disk.fill();
  await whenSettled(lab);
  expect(failures(lab)).toHaveLength(2);
  for (const { code, message, remedy } of failures(lab)) {
    expect({ code, remedy }).toEqual({
      code: 'HOST_FAILED',
      remedy: 'Free some space on that disk, then try again. Nothing half-made was left there.',
    });
    expect(message).toContain(`The disk has no room for ${purpose}`);
    expect(message).toContain(lab.cacheFolder);
  }
  await expectNothingLeft(lab);
  await expectRetryWorks(lab, disk);
});

test('the disk of the runners fills up amid the clone, where each file is copied', async (context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'dataFolder');
  // A host on which nothing can be mounted: overlays are not to be had.
  const tools = join(lab.folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'mount'), '#!/bin/sh\nexit 32\n');
  await chmod(join(tools, 'mount'), 0o755);
  vi.stubEnv('PATH', `${tools}:${process.env.PATH}`);
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 2));
  await amid(lab, 'clone', null);
  disk.fill();
  await whenSettled(lab);
  expect(failures(lab)).toHaveLength(2);
  for (const { code, message } of failures(lab)) {
    expect(code).toBe('HOST_FAILED');
    expect(message).toMatch(/^The disk has no room for /);
    expect(message).toContain(lab.dataFolder);
  }
  await expectNothingLeft(lab);
  await expectRetryWorks(lab, disk);
});

test('a deploy on a full disk is refused at once, and begins nothing', async (context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'dataFolder');
  disk.fill();
  expect(await refusal(lab.client.pools.deploy(deployRequest(lab.repositoryId, 2)))).toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/^The disk has no room for /),
    remedy: expect.stringContaining('Free some space'),
  });
  const { pools, runners } = lab.engine.board.current();
  expect({ pools, runners }).toEqual({ pools: {}, runners: {} });
  await expectNothingLeft(lab);
  expect(await readdir(join(lab.dataFolder, 'state', 'runners'))).toEqual([]);
  disk.free();
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 2));
  await whenAllReady(lab, 2);
});

test('runners that work are kept, stopped and removed on a full disk, and known again afterwards', async (context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'dataFolder');
  const { client, engine } = lab;
  await client.pools.deploy(deployRequest(lab.repositoryId, 3));
  const [first, second, third] = await whenAllReady(lab, 3);
  const stateFolder = join(lab.dataFolder, 'state', 'runners');
  disk.fill();
  await client.runners.stop({ runnerId: first?.id ?? '', how: 'drain' });
  await client.runners.remove({ runnerId: second?.id ?? '', how: 'drain' });
  await when(lab, (rows) => rows.length === 2 && rows.some(({ state }) => state === 'stopped'));
  expect(registered(lab)).toHaveLength(2);

  // Whole records, the old or the new ones: nothing cut short, nothing unknown.
  const names = (await readdir(stateFolder)).filter((name) => !name.endsWith('.tmp'));
  expect(names.sort()).toEqual([`${first?.id}.json`, `${third?.id}.json`].sort());
  for (const name of names) {
    runnerRecordSchema.parse(JSON.parse(await readFile(join(stateFolder, name), 'utf8')));
  }
  disk.free();
  await client.runners.restart({ runnerId: third?.id ?? '' });
  await when(lab, (rows) =>
    rows.some(({ id, state, pid }) => id === third?.id && state === 'idle' && pid !== third.pid),
  );
  await engine.dispose();

  const next = await lab.startEngine();
  const rows = await when({ engine: next }, (all) =>
    all.every((runner) => runner.state === 'stopped' || isReady(runner)),
  );
  expect(rows.map(({ id, state }) => [id, state]).sort()).toEqual(
    [
      [first?.id, 'stopped'],
      [third?.id, 'idle'],
    ].sort(),
  );
  const faults: unknown[] = [];
  await removeAll({ engine: next, client: createPanelClient(next, (error) => faults.push(error)) });
  expect(registered(lab)).toEqual([]);
  expect(faults).toEqual([]);
});

test('an engine that starts on a full disk says so, and nothing is lost by the try', async (context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'dataFolder');
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  const before = await whenAllReady(lab, 1);
  await lab.engine.dispose();
  disk.fill();
  await expect(lab.startEngine()).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringContaining(lab.dataFolder),
    data: { remedy: expect.stringContaining('Free some space') },
  });
  disk.free();
  const next = await lab.startEngine();
  const after = await when({ engine: next }, (rows) => rows.length === 1 && rows.every(isReady));
  expect(after.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
});

test('a job’s end is told on a full disk, and in the history once there is room', async (context) => {
  const { lab, disk } = await openOnSmallDisk(context, 'dataFolder');
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  await whenAllReady(lab, 1);
  await lab.startJob();
  disk.fill();
  await lab.openGate();
  const resultsOf = ({ engine }: Pick<HostileLab, 'engine'>) =>
    Object.values(engine.board.current().shifts).map(({ result }) => result);
  await when(lab, ([runner]) => runner?.state === 'idle');
  // Why it ended as it did is looked into first.
  await lab.engine.board.when(({ shifts }) => Object.values(shifts).every(({ result }) => result !== null));
  const told = resultsOf(lab);
  expect(told).toEqual([expect.stringMatching(/^(Succeeded|Failed)$/)]);
  disk.free();
  await lab.engine.dispose();
  const next = await lab.startEngine();
  await when({ engine: next }, (rows) => rows.every(isReady));
  expect(resultsOf({ engine: next })).toEqual(told);
});
