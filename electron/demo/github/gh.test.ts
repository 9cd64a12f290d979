/** GitHub's own command line against the demo GitHub: a client that nobody here wrote. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from './testing/started.ts';
import { createWireRunner, type WireRunner } from './testing/wire-runner.ts';

const hostsPath = '/etc/hosts';
const hostsLine = '127.0.0.1 github.localhost api.github.localhost';
const run = promisify(execFile);

function canListenOn80(): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(80, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Why gh cannot be tried here, in one line; `null` when it can. */
async function obstacle(): Promise<string | null> {
  try {
    execFileSync('gh', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'gh is not installed here (Debian package "gh"); the demo GitHub was not tried with it.';
  }
  if (!(await canListenOn80())) return 'Port 80 cannot be used here; the demo GitHub was not tried with gh.';
  const hosts = await readFile(hostsPath, 'utf8').catch(() => '');
  if (hosts.includes('api.github.localhost') || process.getuid?.() === 0) return null;
  return `${hostsPath} lacks "${hostsLine}"; the demo GitHub was not tried with gh.`;
}

const reason = await obstacle();
if (reason) console.log(reason);

describe.skipIf(reason !== null)('gh', () => {
  let started: StartedDemo;
  let runner: WireRunner;
  let home: string;
  let hostsBefore: string | undefined;

  /** Runs gh; resolves with its output. */
  const gh = (...args: string[]): Promise<string> => ghWith('', ...args);

  /** Runs gh with a text at its standard input. */
  async function ghWith(input: string, ...args: string[]): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      GH_CONFIG_DIR: home,
      GH_HOST: 'github.localhost',
      GH_TOKEN: started.demo.token,
      NO_COLOR: '1',
      GH_PROMPT_DISABLED: '1',
    };
    const running = run('gh', args, { env, cwd: home });
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'trackside-gh-'));
    const hosts = await readFile(hostsPath, 'utf8');
    if (!hosts.includes('api.github.localhost')) {
      hostsBefore = hosts;
      await writeFile(hostsPath, `${hosts.trimEnd()}\n${hostsLine}\n`);
    }
    started = await startForTest({ port: 80 });
    const { url, repository } = started.demo;
    const token = await started.runnerToken();
    runner = await createWireRunner({ url, repository, token, name: 'practice', home });
    await runner.open();
  });

  afterAll(async () => {
    if (hostsBefore !== undefined) await writeFile(hostsPath, hostsBefore);
    await started.stop();
    await rm(home, { recursive: true, force: true });
  });

  test('reads the runners over its plain REST call', async () => {
    const answer = JSON.parse(await gh('api', 'repos/octo/forge/actions/runners'));
    expect(answer).toMatchObject({
      total_count: 1,
      runners: [{ name: 'practice', status: 'online', busy: false }],
    });
  });

  test('lists the workflows', async () => {
    const lines = (await gh('workflow', 'list', '-R', 'octo/forge')).trim().split('\n');
    expect(lines.map((line) => line.split('\t').slice(0, 2).join(' '))).toEqual([
      'Build active',
      'Deploy active',
      'Hosted active',
      'Nightly active',
      'Quick check active',
      'Release active',
      'One at a time active',
      'Render on a GPU active',
    ]);
    expect(await gh('workflow', 'view', 'build.yml', '-R', 'octo/forge', '--yaml')).toContain('name: Build');
  });

  test('starts a run with inputs, watches it to its end, and reads its log', async () => {
    await gh(
      'workflow',
      'run',
      'build.yml',
      '-R',
      'octo/forge',
      '--field',
      'target=lamp',
      '--field',
      'level=quick',
    );
    const fields = 'databaseId,displayTitle,status,event,workflowName';
    const [queued] = JSON.parse(await gh('run', 'list', '-R', 'octo/forge', '--json', fields));
    expect(queued).toMatchObject({
      displayTitle: 'Build lamp (quick)',
      status: 'queued',
      workflowName: 'Build',
    });
    const id = String(queued.databaseId);
    const watching = gh('run', 'watch', id, '-R', 'octo/forge', '--exit-status', '--interval', '1');
    for (let count = 0; count < 4; count += 1) await runner.run(await runner.nextJob());
    expect(await watching).toMatch(/✓ main Build[\s\S]*✓ Test in/);
    expect(await gh('run', 'list', '-R', 'octo/forge')).toContain(
      'completed\tsuccess\tBuild lamp (quick)\tBuild',
    );
    const view = await gh('run', 'view', id, '-R', 'octo/forge');
    expect(view).toMatch(/✓ Prepare[\s\S]*✓ Compile debug[\s\S]*✓ Test/);
    const log = await gh('run', 'view', id, '-R', 'octo/forge', '--log');
    expect(log).toMatch(/Prepare\tLook around\t.*lamp, level quick/);
    expect(log).toMatch(/Test\tRun the checks\t.*3 of 3/);
  }, 60_000);

  test('starts a release with five typed inputs on a branch, and downloads what it leaves', async () => {
    const inputs = { version: '1.4.0', channel: 'stable', sign: 'true', copies: '1', environment: 'preview' };
    const where = ['-R', 'octo/forge', '--ref', 'feature/lamp'];
    await ghWith(JSON.stringify(inputs), 'workflow', 'run', 'release.yml', '--json', ...where);
    await expect(gh('workflow', 'run', 'release.yml', ...where)).rejects.toThrow(
      /Required input 'version' not provided/,
    );
    await expect(
      gh('workflow', 'run', 'release.yml', ...where, '-f', 'version=1', '-f', 'channel=none'),
    ).rejects.toThrow(/not in the list of allowed values/);
    const [queued] = JSON.parse(
      await gh('run', 'list', '-R', 'octo/forge', '--json', 'databaseId,displayTitle,headBranch'),
    );
    expect(queued).toMatchObject({ displayTitle: 'Release 1.4.0 to preview', headBranch: 'feature/lamp' });
    const id = String(queued.databaseId);
    const watching = gh('run', 'watch', id, '-R', 'octo/forge', '--exit-status', '--interval', '1');
    for (let count = 0; count < 4; count += 1) {
      const job = await runner.nextJob();
      if (job.jobName === 'build')
        await runner.upload(job, `${job.environment.PART}-1.4.0`, { 'a.txt': 'made', 'deep/b.txt': 'too' });
      await runner.run(job);
    }
    expect(await watching).toMatch(/✓ Plan in[\s\S]*✓ Build frame in[\s\S]*✓ Publish in/);
    expect(await gh('run', 'view', id, '-R', 'octo/forge')).toMatch(/ARTIFACTS[\s\S]*lamp-1\.4\.0/);
    const target = join(home, 'artifacts');
    await gh('run', 'download', id, '-R', 'octo/forge', '-D', target);
    expect((await readdir(target)).sort()).toEqual(['frame-1.4.0', 'lamp-1.4.0']);
    expect(await readFile(join(target, 'lamp-1.4.0', 'deep', 'b.txt'), 'utf8')).toBe('too');
    await gh('run', 'download', id, '-R', 'octo/forge', '-n', 'frame-1.4.0', '-D', join(home, 'one'));
    expect((await readdir(join(home, 'one'))).sort()).toEqual(['a.txt', 'deep']);
    const { jobs } = JSON.parse(await gh('run', 'view', id, '-R', 'octo/forge', '--json', 'jobs'));
    const publish = jobs.find(({ name }: { name: string }) => name === 'Publish');
    const log = await gh('run', 'view', '--job', String(publish.databaseId), '-R', 'octo/forge', '--log');
    expect(log).toMatch(/Publish\tWrite the notes\t.*Released to the channel stable/);
  }, 90_000);

  test('lists what waits, by its status', async () => {
    await gh('workflow', 'run', 'serial.yml', '-R', 'octo/forge');
    await gh('workflow', 'run', 'serial.yml', '-R', 'octo/forge');
    await gh('workflow', 'run', 'deploy.yml', '-R', 'octo/forge');
    await runner.run(await runner.nextJob());
    await runner.run(await runner.nextJob());
    await runner.run(await runner.nextJob());
    const runs = JSON.parse(
      await gh('run', 'list', '-R', 'octo/forge', '--json', 'workflowName,status', '-L', '3'),
    );
    expect(runs).toEqual([
      { workflowName: 'Deploy', status: 'waiting' },
      { workflowName: 'One at a time', status: 'completed' },
      { workflowName: 'One at a time', status: 'completed' },
    ]);
  }, 60_000);

  test('cancels a run and starts it again', async () => {
    await gh('workflow', 'run', 'nightly.yml', '-R', 'octo/forge');
    const [waiting] = JSON.parse(await gh('run', 'list', '-R', 'octo/forge', '--json', 'databaseId,status'));
    expect(waiting.status).toBe('queued');
    await gh('run', 'cancel', String(waiting.databaseId), '-R', 'octo/forge');
    expect(await gh('run', 'view', String(waiting.databaseId), '-R', 'octo/forge')).toContain(
      'Train on a GPU',
    );
    await gh('run', 'rerun', String(waiting.databaseId), '-R', 'octo/forge');
    const [again] = JSON.parse(await gh('run', 'list', '-R', 'octo/forge', '--json', 'databaseId,status'));
    expect(again).toMatchObject({ databaseId: waiting.databaseId, status: 'queued' });
  });

  test('finds the repository over GraphQL', async () => {
    const view = JSON.parse(
      await gh('repo', 'view', 'octo/forge', '--json', 'nameWithOwner,viewerPermission,isPrivate'),
    );
    expect(view).toEqual({ nameWithOwner: 'octo/forge', viewerPermission: 'ADMIN', isPrivate: true });
    await expect(gh('workflow', 'run', 'build.yml', '-R', 'octo/nothing')).rejects.toThrow(
      /Could not resolve to a Repository/,
    );
  });
});
