/** The practice runner replaces itself by another version, as actions/runner does. */
import { readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Lab, type LabRunner, openLab, workflow } from './testing/lab.ts';
import type { Running } from './testing/processes.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    'gated.yml': workflow(
      'steps: [{run: \'until [ -e "$GITHUB_WORKSPACE/../../../go" ]; do sleep 0.05; done\'}]',
    ),
    'quick.yml': workflow('steps: [{run: echo quick}]'),
  });
});
afterEach(async () => {
  lab.github.demo.faults.clear();
  await lab.clear();
});
afterAll(() => lab.close());

async function listening(
  name: string,
  args: string[] = [],
  command?: string[],
): Promise<[LabRunner, Running]> {
  const runner = await lab.runner(name);
  expect(await runner.configure(args)).toMatchObject({ code: 0 });
  const running = runner.start({ command });
  await running.waitFor(/Listening for Jobs/);
  return [runner, running];
}

const force = (runner: string): void =>
  void lab.github.demo.faults.set({ kind: 'forced-update', version: '2.337.0', runner });

const updated = (runner: LabRunner): Promise<void> =>
  vi.waitFor(() => expect(runner.has('update.finished')).toBe(true), { timeout: 10_000 });

test('an idle runner brings the new version, ends with 3 and is exchanged', async () => {
  const [runner, running] = await listening('idle');
  force('idle');
  const { code, output } = await running.ended;
  expect(code).toBe(3);
  expect(output.split('\n').slice(-7, -1)).toEqual([
    'Runner update in progress, do not shutdown runner.',
    'Downloading 2.337.0 runner',
    'Waiting for current job finish running.',
    'Generate and execute update script.',
    'Runner will exit shortly for update, should be back online within 10 seconds.',
    'Runner update process finished.',
  ]);
  await updated(runner);
  await rm(join(runner.root, 'update.finished'));
  expect(await readlink(join(runner.root, 'bin'))).toBe('bin.2.337.0');
  expect(await readlink(join(runner.root, 'externals'))).toBe('externals.2.337.0');
  expect(runner.has('bin.2.336.0/Runner.Listener')).toBe(true);

  const next = runner.start();
  await next.waitFor(/Current runner version: '2\.337\.0'/);
  await next.waitFor(/Listening for Jobs/);
  expect(lab.github.demo.snapshot().runners).toMatchObject([{ name: 'idle', version: '2.337.0' }]);
  expect((await lab.finished(await lab.dispatch('quick.yml'))).conclusion).toBe('success');

  // And once more, over links this time.
  lab.github.demo.faults.clear();
  lab.github.demo.faults.set({ kind: 'forced-update', version: '2.338.0' });
  expect((await next.ended).code).toBe(3);
  await vi.waitFor(async () => expect(await readlink(join(runner.root, 'bin'))).toBe('bin.2.338.0'));
  await updated(runner);
});

test('a job that runs is finished first', async () => {
  const [runner, running] = await listening('busy');
  const run = await lab.dispatch('gated.yml');
  await running.waitFor(/Running job/);
  force('busy');
  await running.waitFor(/Waiting for current job/);
  await writeFile(join(runner.root, 'go'), '');
  expect((await lab.finished(run)).conclusion).toBe('success');
  const { code, output } = await running.ended;
  expect(code).toBe(3);
  expect(output).toMatch(/completed with result: Succeeded\nGenerate and execute/);
  await updated(runner);
});

test('run.sh starts the new version by itself', async () => {
  const [, running] = await listening('looped', [], ['run.sh']);
  force('looped');
  await running.waitFor(/Update finished successfully[\s\S]*version: '2\.337\.0'[\s\S]*Listening for Jobs/);
});

test('a runner for one job that has none yet ends with 4', async () => {
  const [runner, running] = await listening('once', ['--ephemeral']);
  force('once');
  expect((await running.ended).code).toBe(4);
  expect(runner.has('.runner')).toBe(true);
  await updated(runner);
});

test('a broken package is refused, and it goes on listening', async () => {
  const [runner, running] = await listening('broken');
  lab.github.demo.faults.set({ kind: 'corrupt-archive' });
  force('broken');
  await running.waitFor(/Runner update failed: Computed runner hash .* did not match/);
  expect((await lab.finished(await lab.dispatch('quick.yml'))).conclusion).toBe('success');
  expect(runner.has('bin.2.337.0')).toBe(false);
});

test('a runner that must not update itself is deprecated', async () => {
  const [runner, running] = await listening('fixed', ['--disableupdate']);
  force('fixed');
  const { code, errors } = await running.ended;
  expect(code).toBe(1);
  expect(errors).toContain('Runner version v2.336.0 is deprecated and cannot receive messages.');
  expect(runner.has('bin.2.337.0')).toBe(false);
});
