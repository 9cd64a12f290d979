/** What only the demo has: faults and pushes over HTTP, for whoever holds the token with full rights, and avatars. */
import { matchesGlob } from 'node:path';
import type { FaultRequest } from '../../faults.ts';
import type { DemoContext, DemoRouter, Request, Route } from '../context.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import type { Workflow } from '../repositories.ts';
import { parseWorkflow } from '../workflow/workflow-file.ts';

function assertOwner(context: DemoContext, request: Request): void {
  const full = context.tokens.find((token) => token.name === 'full');
  const given = (request.headers.authorization ?? '').split(/\s+/).at(-1);
  if (!full || given !== full.token)
    throw new ApiError(401, 'The control of the demo needs its token with full rights.');
}

function list(context: DemoContext): Reply {
  return { status: 200, body: { faults: context.faults.list() } };
}

/** A body is one fault, which is added, or `{faults: [...]}`, which takes the place of all. */
async function put(context: DemoContext, request: Request): Promise<Reply> {
  const body = await request.json();
  const replaces = Array.isArray(body.faults);
  const wanted: unknown[] = Array.isArray(body.faults) ? body.faults : [body];
  if (replaces) context.faults.clear();
  try {
    // The switches check what they are given.
    for (const fault of wanted) context.faults.set(fault as FaultRequest);
  } catch (error) {
    throw new ApiError(422, error instanceof Error ? error.message : String(error));
  }
  return list(context);
}

/** Whether a push to the branch is one that these patterns mean; the last that fits decides. */
function isMeant(patterns: readonly string[], branch: string): boolean {
  const fitting = patterns.filter((pattern) => matchesGlob(branch, pattern.replace(/^!/, '')));
  return fitting.length > 0 && fitting.at(-1)?.startsWith('!') === false;
}

/** What a push starts; a workflow file that cannot be read starts nothing. */
function startsOnPush(context: DemoContext, workflow: Workflow, branch: string): boolean {
  if (context.store.data.disabledWorkflows.includes(workflow.id)) return false;
  try {
    const patterns = parseWorkflow(workflow.text, workflow.path).pushBranches;
    return patterns !== null && isMeant(patterns, branch);
  } catch {
    return false;
  }
}

/** `{repository, branch, actor}`: somebody pushes what is there already, which starts workflows. */
async function push(context: DemoContext, request: Request): Promise<Reply> {
  const { repositories } = context;
  const { repository: fullName, branch, actor = 'octo' } = await request.json();
  const repository = repositories.byFullName(String(fullName));
  const revision = repository?.revisions.find(({ type, name }) => type === 'branch' && name === branch);
  const account = repositories.account(String(actor));
  if (!repository || !revision) throw new ApiError(422, 'There is no such repository or branch.');
  if (!account) throw new ApiError(422, `There is no account ${actor}.`);
  const runs = repositories
    .workflows(repository, revision)
    .filter((workflow) => startsOnPush(context, workflow, revision.name))
    .map((workflow) => {
      const start = { event: 'push', revision, inputs: {}, actor: account.login } as const;
      return { id: context.runs.start(workflow, start).id, workflow: workflow.path };
    });
  return { status: 201, body: { runs } };
}

function avatar({ repositories }: DemoContext, request: Request): Reply {
  const account = repositories.accounts.find(({ id }) => `${id}.svg` === request.params.file);
  if (!account) throw notFound();
  const raw =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" fill="#57606a"/>` +
    `<text x="20" y="27" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">${account.login.charAt(0).toUpperCase()}</text></svg>`;
  return { status: 200, raw, headers: { 'Content-Type': 'image/svg+xml' } };
}

/** Adds `/_demo/faults`, `/_demo/push` and `/_demo/avatars`. */
export function addDemoRoutes(router: DemoRouter, context: DemoContext): void {
  const guarded = (handle: (request: Request) => Reply | Promise<Reply>): Route => ({
    access: { kind: 'open' },
    handle: (request) => {
      assertOwner(context, request);
      return handle(request);
    },
  });
  router.add(
    'GET',
    '/_demo/faults',
    guarded(() => list(context)),
  );
  router.add(
    'PUT',
    '/_demo/faults',
    guarded((request) => put(context, request)),
  );
  router.add(
    'DELETE',
    '/_demo/faults',
    guarded((request) => {
      context.faults.clear(request.query.get('id') ?? undefined);
      return { status: 204 };
    }),
  );
  router.add(
    'POST',
    '/_demo/push',
    guarded((request) => push(context, request)),
  );
  router.add('GET', '/_demo/avatars/:file', {
    access: { kind: 'open' },
    handle: (r) => avatar(context, r),
  });
}
