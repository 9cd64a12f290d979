import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { deployRequest } from '../../testing/engine-lab.ts';
import { type HostileLab, openHostileLab, refusal, whenAllReady } from '../../testing/hostile-lab.ts';
import { writeWorkflow } from './write-workflow.ts';

const patienceMs = 60_000;
let lab: HostileLab;
afterEach(() => lab.dispose());

const form = {
  name: 'Drafted: by hand',
  labels: ['self-hosted', 'bench'],
  template: 'shell',
  triggers: 'dispatch',
  timeoutMinutes: 5,
} as const;

test(
  'what is drafted for a pool of ours passes the check and runs on it',
  async () => {
    lab = await openHostileLab({
      async prepare({ folder }) {
        const subject = { defaultBranch: 'main', isPublic: false, isServer: true };
        const { path, yaml } = writeWorkflow({ ...form, labels: [...form.labels] }, subject);
        const file = join(folder, 'repositories', 'octo', 'forge', path.replace('.github', 'dot-github'));
        await mkdir(join(file, '..'), { recursive: true });
        await writeFile(file, yaml);
      },
    });
    const { client, engine, repositoryId } = lab;
    const request = { ...form, labels: [...form.labels], repositoryId };
    const nobody = await refusal(client.workflows.draft(request));
    expect(nobody).toMatchObject({ code: 'INVALID_REQUEST', field: 'labels' });

    await client.pools.deploy(deployRequest(repositoryId, 1, { labels: ['bench'] }));
    await whenAllReady(lab, 1);
    const draft = await client.workflows.draft(request);
    expect(draft).toMatchObject({ path: '.github/workflows/drafted-by-hand.yml' });
    const page = new URL(draft.newFileUrl ?? '');
    expect(page.pathname).toBe('/octo/forge/new/main');
    expect(page.searchParams.get('value')).toBe(draft.yaml);

    const checked = await client.workflows.check({ repositoryId, folder: null });
    expect(checked.find(({ path }) => path === draft.path)?.jobs).toMatchObject([{ verdict: 'ours' }]);
    const workflows = await client.workflows.list({ repositoryId });
    const drafted = workflows.find(({ name }) => name === form.name);
    await client.workflows.dispatch({ repositoryId, workflowId: drafted?.id ?? 0, ref: null, inputs: {} });
    const board = await engine.board.when(
      ({ shifts }) => Object.values(shifts).some(({ endedAt }) => endedAt !== null),
      AbortSignal.timeout(patienceMs),
    );
    expect(Object.values(board.shifts)).toMatchObject([{ jobName: 'build', result: 'Succeeded' }]);
    expect(lab.faults).toEqual([]);
  },
  3 * patienceMs,
);
