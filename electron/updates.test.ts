/** The runner's own update, followed by a whole engine. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deployRequest } from './testing/engine-lab.ts';
import { type HostileLab, openHostileLab, when, whenAllReady } from './testing/hostile-lab.ts';

const patienceMs = 90_000;
vi.setConfig({ testTimeout: 2 * patienceMs });
let lab: HostileLab;

beforeEach(async () => {
  lab = await openHostileLab();
});
afterEach(() => lab.dispose());

test('a forced update in the middle of a job is followed, and is neither a crash nor a restart', async () => {
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, 1));
  const [runner] = await whenAllReady(lab, 1);
  const id = runner?.id ?? '';
  const causes: string[] = [];
  const states = new Set<string>();
  lab.engine.board.onChange((change) => {
    if (change.kind !== 'set' || change.table !== 'runners') return;
    if (change.row.updating) causes.push(change.row.cause);
    states.add(change.row.state);
  });
  await lab.startJob();
  lab.github.faults.set({ kind: 'forced-update', version: '2.337.0' });
  await when(lab, ([row]) => row?.cause.includes('when its job has ended') ?? false);
  expect(lab.engine.board.current().runners[id]).toMatchObject({ state: 'busy', updating: true });
  await lab.openGate();
  const [updated] = await when(lab, ([row]) => row?.version === '2.337.0' && row.state === 'idle');
  expect(updated).toMatchObject({ updating: false, failure: null });
  expect(states).not.toContain('failed');
  expect(causes).toContain('Updates itself to version 2.337.0.');
  expect(lab.engine.runners.get(id).entry.record().restarts.count).toBe(0);
  const root = lab.engine.runners.get(id).entry.record().clone?.root ?? '';
  expect(await readlink(join(root, 'bin'))).toBe('bin.2.337.0');
  expect(Object.values(lab.engine.board.current().shifts)).toMatchObject([
    { result: 'Succeeded', verdict: null },
  ]);
  // It works with its new programs.
  await lab.startJob();
});
