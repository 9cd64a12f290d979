import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Board } from '../shared/board.ts';
import type { Notification } from '../shared/model.ts';
import type { Engine } from './engine.ts';
import type { EngineRouter } from './router.ts';
import { createEngineLab, deployRequest, type EngineLab } from './testing/engine-lab.ts';
import { createSteppableClock, type SteppableClock } from './testing/steppable-clock.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 4 * patienceMs });
const minute = 60_000;
let lab: EngineLab;
let clock: SteppableClock;
beforeEach(async () => {
  lab = await createEngineLab();
  clock = createSteppableClock();
});
afterEach(() => lab.dispose());

const until = (engine: Engine, condition: (board: Board) => boolean): Promise<Board> =>
  engine.board.when(condition, AbortSignal.timeout(patienceMs));
const hasNoRunner = ({ waits }: Board): boolean =>
  Object.values(waits).some(({ kind }) => kind === 'no-runner');

async function start(): Promise<{ engine: Engine; client: RouterClient<EngineRouter> }> {
  const engine = await lab.start({ clock });
  await engine.recovered;
  return { engine, client: createRouterClient(engine.router) };
}

/** A door that is told; `next` resolves with the next notification. */
async function openDoor(client: RouterClient<EngineRouter>) {
  const told: Notification[] = [];
  let heard = Promise.withResolvers<Notification>();
  const notifications = await client.notifications.watch();
  void (async () => {
    for await (const one of notifications) {
      told.push(one);
      heard.resolve(one);
      heard = Promise.withResolvers();
    }
  })();
  return { told, next: () => heard.promise };
}

/** A job that no runner takes, as an incident. */
async function openIncident(engine: Engine) {
  await until(engine, hasNoRunner);
  clock.advance(1000);
  clock.advance(minute);
  const { incidents } = await until(engine, (board) => Object.keys(board.incidents).length > 0);
  const [incident] = Object.values(incidents);
  if (!incident) throw new Error('There is no incident.');
  return incident;
}

test('a job without a runner is one incident, told once over a restart, and ends with where it began', async () => {
  const first = await start();
  const { repository } = await first.engine.demo.connect();
  const workflows = await first.client.workflows.list({ repositoryId: repository.id });
  const workflowId = workflows.find(({ name }) => name === 'Quick check')?.id ?? 0;
  await first.client.workflows.dispatch({ repositoryId: repository.id, workflowId, ref: null, inputs: {} });
  const door = await openDoor(first.client);
  const opening = door.next();
  const { id, waitId, ...incident } = await openIncident(first.engine);
  expect(incident).toMatchObject({ kind: 'wait', jobs: 1, resolvedAt: null, notifiedAt: null });
  clock.advance(2 * minute);
  const path = `/queue?wait=${encodeURIComponent(waitId ?? '')}`;
  expect(await opening).toMatchObject({ id, kind: 'opened', path });
  expect(first.engine.board.current().incidents[id]?.notifiedAt).not.toBeNull();
  await first.engine.dispose();

  const second = await start();
  const otherDoor = await openDoor(second.client);
  const over = otherDoor.next();
  await until(second.engine, hasNoRunner);
  clock.advance(10 * minute);
  await second.client.pools.deploy(deployRequest(repository.id, 1));
  const { incidents } = await until(second.engine, (board) => board.incidents[id]?.resolvedAt !== null);
  expect(incidents[id]?.resolution).toMatch(/^The job began on arm-1 after /);
  clock.advance(3 * minute);
  expect(await over).toMatchObject({ id, kind: 'resolved' });
  expect([...door.told, ...otherDoor.told].map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
});
