/** Custom labels of a runner. */
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { invalidRequest, notFound, type Reply } from '../http.ts';
import type { RunnerRecord } from '../model.ts';
import { runnerParam } from './runners.ts';

const maximumLabels = 100;
const maximumLabelLength = 256;

async function labelNames(request: Request, least: number): Promise<string[]> {
  const { labels } = await request.json();
  if (!Array.isArray(labels) || labels.length < least || labels.length > maximumLabels) {
    throw invalidRequest(`between ${least} and ${maximumLabels} labels are needed`);
  }
  const names = labels.map((label) => String(label).trim());
  if (names.some((name) => name === '' || name.length > maximumLabelLength)) {
    throw invalidRequest('a label has 1 to 256 characters');
  }
  return names;
}

function reply(runner: RunnerRecord): Reply {
  const labels = runner.labels.map(({ id, name, type }) => ({ id, name, type }));
  return { status: 200, body: { total_count: labels.length, labels } };
}

function has(runner: RunnerRecord, name: string): boolean {
  return runner.labels.some((label) => label.name.toLowerCase() === name.toLowerCase());
}

async function change(context: DemoContext, request: Request, keepCustom: boolean): Promise<Reply> {
  const runner = runnerParam(context, request);
  const names = await labelNames(request, keepCustom ? 1 : 0);
  if (!keepCustom) runner.labels = runner.labels.filter((label) => label.type === 'read-only');
  for (const name of names) {
    if (!has(runner, name)) runner.labels.push({ id: context.store.nextId('label'), name, type: 'custom' });
  }
  context.store.changed();
  return reply(runner);
}

function remove(context: DemoContext, request: Request, name: string | undefined): Reply {
  const runner = runnerParam(context, request);
  if (name !== undefined) {
    const label = runner.labels.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!label) throw notFound();
    if (label.type === 'read-only') {
      throw invalidRequest('read-only labels cannot be removed');
    }
  }
  const isRemoved = (label: RunnerRecord['labels'][number]) =>
    label.type === 'custom' && (name === undefined || label.name.toLowerCase() === name.toLowerCase());
  runner.labels = runner.labels.filter((label) => !isRemoved(label));
  context.store.changed();
  return reply(runner);
}

/** Adds the routes under `/repos/{owner}/{repo}/actions/runners/{id}/labels`. */
export function addRunnerLabelRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions/runners/:runnerId/labels';
  const read = { kind: 'repository', permission: ['administration', 'read'], adminOnly: true } as const;
  const write = { kind: 'repository', permission: ['administration', 'write'], adminOnly: true } as const;
  router.add('GET', root, { access: read, handle: (r) => reply(runnerParam(context, r)) });
  router.add('POST', root, { access: write, handle: (r) => change(context, r, true) });
  router.add('PUT', root, { access: write, handle: (r) => change(context, r, false) });
  router.add('DELETE', root, { access: write, handle: (r) => remove(context, r, undefined) });
  router.add('DELETE', `${root}/:name`, {
    access: write,
    handle: (r) => remove(context, r, r.params.name),
  });
}
