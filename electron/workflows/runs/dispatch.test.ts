import { expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import type { Workflow } from '../../../shared/model.ts';
import type { Forge, ForgeRun } from '../../forges/forge.ts';
import { createManualClock } from '../../platform/clock.ts';
import { createDispatcher } from './dispatch.ts';

const workflow: Workflow = {
  ...{
    id: 5,
    name: 'Release',
    path: '.github/workflows/release.yml',
    state: 'active',
    url: null,
    problem: null,
  },
  inputs: [
    { name: 'version', type: 'string', description: null, required: true, default: null, options: [] },
  ],
};
const request = { workflowId: 5, ref: 'main', inputs: { version: '1.0' } };

/** A forge that tells no run id, as Enterprise Server does, and lists what `runs` holds. */
function setup(over: Partial<Forge> = {}) {
  const clock = createManualClock();
  const runs: ForgeRun[] = [];
  const sent: unknown[] = [];
  const queries: unknown[] = [];
  const forge = {
    workflows: async () => [workflow],
    file: async () => 'on: { workflow_dispatch: { inputs: { flavour: { type: string } } } }\njobs: {}\n',
    async dispatch(_repository: string, ...facts: unknown[]) {
      sent.push(facts.slice(0, 3));
      return { runId: null, runUrl: null };
    },
    async runs(_repository: string, query: unknown) {
      queries.push(query);
      return { runs: [...runs].reverse(), total: runs.length, more: false };
    },
    ...over,
  } as unknown as Forge;
  const add = (change: Partial<ForgeRun>): void => {
    const run = { id: runs.length + 1, branch: 'main', createdAt: clock.now(), url: `u${runs.length + 1}` };
    runs.push({ ...run, ...change } as ForgeRun);
  };
  const dispatcher = createDispatcher({ clock });
  const where = { forge, fullName: 'octo/forge', login: 'ada', defaultBranch: 'main' };
  return {
    clock,
    add,
    sent,
    queries,
    dispatch: (more = {}) => dispatcher.dispatch(where, { ...request, ...more }),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the run is found that the account began by hand after the call', async () => {
  const { clock, add, sent, queries, dispatch } = setup();
  add({ createdAt: clock.now() - 60_000 });
  add({ branch: 'other' });
  const found = dispatch();
  await turn();
  await clock.advance(3000);
  add({});
  await clock.advance(1500);
  expect(await found).toEqual({ runId: 3, runUrl: 'u3' });
  expect(sent).toEqual([[5, 'main', { version: '1.0' }]]);
  expect(queries[0]).toMatchObject({ workflowId: 5, event: 'workflow_dispatch', actor: 'ada' });
});

test('of two starts in a row each gets its own run', async () => {
  const { add, dispatch } = setup();
  add({});
  expect((await dispatch()).runId).toBe(1);
  add({});
  expect((await dispatch()).runId).toBe(2);
});

test('after fifteen seconds the start is told without its run', async () => {
  const { clock, dispatch, queries } = setup();
  const found = dispatch();
  await turn();
  await clock.advance(15_000);
  expect(await found).toEqual({ runId: null, runUrl: null });
  expect(queries).toHaveLength(11);
});

test('what the forge tells is believed', async () => {
  const { dispatch, queries } = setup({ dispatch: async () => ({ runId: 9, runUrl: 'u9' }) });
  expect(await dispatch()).toEqual({ runId: 9, runUrl: 'u9' });
  expect(queries).toEqual([]);
});

test('inputs are those of the file on the chosen ref', async () => {
  const { dispatch, sent } = setup();
  await expect(dispatch({ inputs: {} })).rejects.toMatchObject({ data: { field: 'inputs.version' } });
  await expect(dispatch({ ref: 'refs/heads/next' })).rejects.toMatchObject({
    message: 'The workflow has no input "version".',
    data: { field: 'inputs.version', remedy: 'It asks for "flavour".' },
  });
  expect(sent).toEqual([]);
});

test.each([
  ['is not there', null, 'There is no .github/workflows/release.yml on "next".'],
  [
    'cannot be started by hand',
    'on: push\njobs: { a: { runs-on: x, steps: [] } }\n',
    '.github/workflows/release.yml on "next" cannot be started by hand: it has no "workflow_dispatch" under "on".',
  ],
])('a ref where the workflow %s is refused', async (_case, text, message) => {
  const { dispatch } = setup({ file: async () => text });
  await expect(dispatch({ ref: 'next' })).rejects.toMatchObject({
    ...{ code: 'INVALID_REQUEST', message },
    data: { field: 'ref' },
  });
});

test('where the token may not read files, the forge judges', async () => {
  const { dispatch, sent } = setup({
    file: () => Promise.reject(new TracksideError('PERMISSION_MISSING', 'It lacks Contents.')),
    dispatch: async () => ({ runId: 1, runUrl: null }),
  });
  expect(await dispatch({ ref: 'next', inputs: { anything: 'x' } })).toMatchObject({ runId: 1 });
  expect(sent).toEqual([]);
});

test('a workflow that is disabled or gone is told as such', async () => {
  const disabled = setup({ workflows: async () => [{ ...workflow, state: 'disabled', inputs: null }] });
  await expect(disabled.dispatch()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Release is disabled.',
  });
  await expect(setup().dispatch({ workflowId: 6 })).rejects.toMatchObject({ code: 'UNKNOWN' });
});
