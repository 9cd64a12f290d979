/** Jobs whose runner dies, on a whole engine: the verdict on the board, and the re-run on the forge. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runner, Shift } from '../shared/model.ts';
import type { Engine } from './engine.ts';
import { createProcessTable, indexProcesses } from './platform/processes.ts';
import { deployRequest } from './testing/engine-lab.ts';
import { type HostileLab, openHostileLab, whenAllReady } from './testing/hostile-lab.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 2 * patienceMs });
const processes = createProcessTable();
let lab: HostileLab;
let runner: Runner;

beforeEach(async () => {
  lab = await openHostileLab();
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  [runner] = (await whenAllReady(lab, 1)) as [Runner];
});
afterEach(() => lab.dispose());

async function whenShift(condition: (shift: Shift) => boolean, engine: Engine = lab.engine): Promise<Shift> {
  const signal = AbortSignal.timeout(patienceMs);
  const told = () => JSON.stringify(Object.values(engine.board.current().shifts));
  const { shifts } = await engine.board
    .when((board) => Object.values(board.shifts).some(condition), signal)
    .catch((error: unknown) => {
      throw new Error(`No such shift: ${told()}`, { cause: error });
    });
  const found = Object.values(shifts).find(condition);
  if (!found) throw new Error('no shift');
  return found;
}

/** The runner's processes by what they are, while it runs a job. */
async function members(): Promise<{ shim: number; listener: number; worker: number }> {
  for (;;) {
    const list = await processes.list();
    const { pid: shim } = lab.engine.board.current().runners[runner.id] ?? {};
    const index = indexProcesses(list);
    const listener = list.find(({ parentPid }) => parentPid === shim)?.pid;
    const worker =
      listener && index.descendants(listener).find(({ parentPid }) => parentPid === listener)?.pid;
    if (shim && listener && worker && index.descendants(worker).length > 0) return { shim, listener, worker };
  }
}

const conclusions = () =>
  lab.github.snapshot().jobs.map(({ attempt, conclusion }) => `${attempt}: ${conclusion}`);

test('a killed worker: the job is not called a failed test, and is run again, once', async () => {
  await lab.startJob();
  processes.signal((await members()).worker, 'SIGKILL');
  const shift = await whenShift(({ verdict }) => verdict !== null);
  expect(shift).toMatchObject({ result: 'Failed', verdict: { cause: 'worker-died' } });
  expect(shift.verdict?.sentence).toContain('SIGKILL');
  const asked = await whenShift(({ verdict }) => verdict?.rerun?.status === 'asked');
  expect(asked).toMatchObject({ id: shift.id, jobId: expect.any(Number) });

  // The second time nobody is asked to run it again.
  await whenShift(({ id, result }) => id !== shift.id && result === null);
  processes.signal((await members()).worker, 'SIGKILL');
  const again = await whenShift(({ id, verdict }) => id !== shift.id && verdict?.rerun?.status === 'failed');
  expect(again.verdict?.rerun?.sentence).toContain('run again once already');
  expect(conclusions()).toEqual(['1: failure', '2: failure']);
});

test('a killed listener loses its job, which is to run again', async () => {
  await lab.startJob();
  processes.signal((await members()).listener, 'SIGKILL');
  const lost = await whenShift(({ verdict }) => verdict !== null);
  expect(lost).toMatchObject({ result: 'Lost', verdict: { cause: 'listener-died' } });
  // The forge gives the job up after ten minutes only; until then it is known and waited for.
  await whenShift(({ jobId, verdict }) => jobId !== null && verdict?.rerun?.status === 'planned');
});

test('a runner that lost its registration during a job gets its name back when the forge gives the job up', async () => {
  await lab.startJob();
  const { listener } = await members();
  const root = join(lab.dataFolder, 'runners', runner.id, 'runner');
  for (const name of ['.runner', '.credentials']) await rm(join(root, name));
  processes.signal(listener, 'SIGKILL');
  const whenRunner = (condition: (row: Runner) => boolean) =>
    lab.engine.board.when(
      ({ runners }) => Object.values(runners).some(condition),
      AbortSignal.timeout(patienceMs),
    );
  await whenRunner(({ failure }) => failure?.message.includes('still has the earlier registration') ?? false);
  const run = lab.github.snapshot().runs.at(-1)?.id;
  expect((await lab.asOther('POST', `/repos/octo/forge/actions/runs/${run}/force-cancel`)).status).toBe(202);
  await lab.client.runners.retry({ runnerId: runner.id });
  await whenRunner(({ state }) => state === 'idle');
  expect(lab.github.snapshot().runners.map(({ name }) => name)).toEqual([runner.name]);
  expect(lab.engine.board.current().leftovers).toEqual({});
});

test('stop now is a person’s doing and is not run again', async () => {
  await lab.startJob();
  await members();
  await lab.client.runners.stop({ runnerId: runner.id, how: 'now' });
  const shift = await whenShift(({ verdict }) => verdict !== null);
  expect(shift).toMatchObject({ verdict: { cause: 'cancelled-here', rerun: null } });
});

test('a job that ends well or is cancelled on the forge gets no verdict', async () => {
  await lab.startJob();
  await lab.openGate();
  expect(await whenShift(({ result }) => result !== null)).toMatchObject({
    result: 'Succeeded',
    verdict: null,
  });
  await rm(join(lab.folder, 'gate'));
  const { id: first = '' } = await whenShift(() => true);
  await lab.startJob();
  await members();
  const run = lab.github.snapshot().runs.at(-1)?.id;
  expect((await lab.asOther('POST', `/repos/octo/forge/actions/runs/${run}/cancel`)).status).toBe(202);
  const cancelled = await whenShift(({ id, result }) => id !== first && result !== null);
  expect(cancelled).toMatchObject({ result: 'Canceled', verdict: null });
});

test('a listener that died while no engine ran: the next engine tells why', async () => {
  await lab.startJob();
  const { shim, listener } = await members();
  const open = await whenShift(({ result }) => result === null);
  await lab.engine.dispose();
  const mark = join(lab.dataFolder, 'runners', runner.id, 'control', 'job.json');
  expect(JSON.parse(await readFile(mark, 'utf8'))).toMatchObject({
    shiftId: open.id,
    pids: expect.arrayContaining([shim]),
  });
  processes.signal(shim, 'SIGKILL');
  processes.signal(listener, 'SIGKILL');
  const engine = await lab.startEngine();
  const lost = await whenShift(({ verdict }) => verdict !== null, engine);
  expect(lost).toMatchObject({ id: open.id, result: 'Lost', verdict: { cause: 'listener-died' } });
});

test('a job that ended while no engine ran is told as it ended', async () => {
  await lab.startJob();
  await members();
  await lab.engine.dispose();
  await lab.openGate();
  await lab.github.waitFor(({ jobs }) => jobs.every(({ status }) => status === 'completed'));
  const engine = await lab.startEngine();
  const shift = await whenShift(({ result }) => result !== null, engine);
  expect(shift).toMatchObject({ result: 'Succeeded', verdict: null });
});

test('a shim that is killed costs no job', async () => {
  await lab.startJob();
  processes.signal((await members()).shim, 'SIGKILL');
  await lab.openGate();
  expect(await whenShift(({ result }) => result !== null)).toMatchObject({
    result: 'Succeeded',
    verdict: null,
  });
});
