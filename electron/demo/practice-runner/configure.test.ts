/** `config.sh` of the real archive against the demo GitHub. */
import { stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, type LabRunner, openLab } from './testing/lab.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const os = process.platform === 'darwin' ? 'macOS' : 'Linux';

const settingsOf = async (runner: LabRunner) => {
  const text = await runner.read('.runner');
  expect(text.charCodeAt(0)).toBe(0xfeff);
  return JSON.parse(text.slice(1));
};

const registered = (name: string) =>
  lab.github.demo.snapshot().runners.find((runner) => runner.name === name);

test('unattended: it registers, writes the files of a runner and says what it does', async () => {
  const runner = await lab.runner('plain');
  const { code, output, errors } = await runner.configure(['--labels', 'gpu,a b,GPU', '--work', 'work']);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  const told = output.split('\n').filter((line) => /^[#√]/.test(line));
  expect(told).toEqual([
    '# Authentication',
    '√ Connected to GitHub',
    '# Runner Registration',
    '√ Runner successfully added',
    '# Runner settings',
    '√ Settings Saved.',
  ]);
  const record = registered('plain');
  expect(record).toMatchObject({ os, architecture: 'X64', ephemeral: false });
  expect(record?.labels.map((label) => label.name)).toEqual(['self-hosted', os, 'X64', 'gpu', 'a b']);
  expect(await settingsOf(runner)).toEqual({
    AgentId: record?.id,
    AgentName: 'plain',
    PoolId: 1,
    PoolName: 'Default',
    ServerUrl: `${lab.github.demo.url}/_runner`,
    GitHubUrl: lab.repositoryUrl,
    WorkFolder: 'work',
    UseV2Flow: true,
    ServerUrlV2: `${lab.github.demo.url}/_runner/broker`,
  });
  expect(JSON.parse((await runner.read('.credentials')).slice(1))).toMatchObject({ Scheme: 'OAuth' });
  expect(await runner.read('.credentials_rsaparams')).toContain('BEGIN PRIVATE KEY');
  expect((await stat(join(runner.root, '.credentials_rsaparams'))).mode & 0o777).toBe(0o600);
  expect(await runner.read('.env')).toBe('LANG=C.UTF-8\n');
  expect(await runner.read('.path')).toBe(`${process.env.PATH}\n`);
});

test('flags end up in the settings and with the service', async () => {
  const runner = await lab.runner('flags');
  const flags = ['--ephemeral', '--disableupdate', '--no-default-labels', '--labels', 'only'];
  expect((await runner.configure(flags)).code).toBe(0);
  expect(await settingsOf(runner)).toMatchObject({ Ephemeral: true, DisableUpdate: true });
  expect(registered('flags')?.labels.map((label) => label.name)).toEqual(['only']);
  expect(registered('flags')?.ephemeral).toBe(true);
});

test('all inputs can come from the environment', async () => {
  const runner = await lab.runner('environment');
  const { code } = await runner.config([], {
    ACTIONS_RUNNER_INPUT_UNATTENDED: 'true',
    ACTIONS_RUNNER_INPUT_URL: lab.repositoryUrl,
    ACTIONS_RUNNER_INPUT_TOKEN: await lab.github.runnerToken(),
    actions_runner_input_name: 'environment',
    ACTIONS_RUNNER_INPUT_LABELS: 'from-environment',
  });
  expect(code).toBe(0);
  expect(registered('environment')?.labels.map((label) => label.name)).toContain('from-environment');
});

test('a person is asked in the vendor’s order, with the vendor’s words', async () => {
  const runner = await lab.runner('interactive');
  const config = runner.start({ command: ['config.sh'] });
  const answer = async (question: string | RegExp, text: string) => {
    await config.waitFor(
      typeof question === 'string' ? new RegExp(question.replace(/[?()[\].]/g, '\\$&')) : question,
    );
    config.write(`${text}\n`);
  };
  await answer('What is the URL of your repository? ', 'not a url');
  await answer('Entered value is invalid', lab.repositoryUrl);
  await answer('What is your runner register token? ', await lab.github.runnerToken());
  await answer('Enter the name of the runner group to add this runner to: [press Enter for Default] ', '');
  await answer(`Enter the name of runner: [press Enter for ${hostname()}] `, 'interactive');
  await config.waitFor(new RegExp(`the following labels: 'self-hosted', '${os}', 'X64'`));
  await answer('Enter any additional labels (ex. label-1,label-2): [press Enter to skip] ', 'typed');
  await answer('Enter name of work folder: [press Enter for _work] ', '');
  expect((await config.ended).code).toBe(0);
  expect(registered('interactive')?.labels.map((label) => label.name)).toContain('typed');
  expect(await settingsOf(runner)).toMatchObject({ WorkFolder: '_work' });
});

test('a person may replace a runner of the same name, or choose another name', async () => {
  expect((await (await lab.runner('taken')).configure()).code).toBe(0);
  const runner = await lab.runner('second');
  const token = await lab.github.runnerToken();
  const args = ['config.sh', '--url', lab.repositoryUrl, '--token', token, '--runnergroup', 'default'];
  const config = runner.start({ command: [...args, '--name', 'taken', '--work', '_work', '--labels', 'x'] });
  await config.waitFor(/A runner exists with the same name\n.*\(Y\/N\) \[press Enter for N\] /);
  config.write('n\n');
  await config.waitFor(/Enter the name of runner:/);
  config.write('taken\n');
  await config.waitFor(/additional labels/);
  config.write('new\n');
  await config.waitFor(/\(Y\/N\)[\s\S]*\(Y\/N\)/);
  config.write('y\n');
  expect((await config.ended).output).toContain('√ Successfully replaced the runner');
  expect(registered('taken')?.labels.map((label) => label.name)).toContain('new');
});

test('unattended a taken name is refused, and taken over with --replace', async () => {
  expect((await (await lab.runner('name')).configure()).code).toBe(0);
  const runner = await lab.runner('namesake');
  const refused = await runner.configure(['--name', 'ignored']);
  expect(refused.code).toBe(0);
  const other = await lab.runner('name-2');
  const args = ['--unattended', '--url', lab.repositoryUrl, '--name', 'name'];
  const environment = { ACTIONS_RUNNER_INPUT_TOKEN: await lab.github.runnerToken() };
  const clash = await other.config(args, environment);
  expect(clash.code).toBe(1);
  expect(clash.output).toContain('A runner exists with the same name\n');
  expect(clash.errors).toBe('A runner exists with the same name name.\n');
  expect(other.has('.runner')).toBe(false);
  const replaced = await other.config([...args, '--replace'], environment);
  expect(replaced.output).toContain('√ Successfully replaced the runner');
});

test('a configured runner is not configured again, and tells so before it asks for anything', async () => {
  const runner = await lab.runner('twice');
  await runner.configure();
  const again = await runner.config([]);
  expect(again).toMatchObject({
    code: 1,
    errors:
      "Cannot configure the runner because it is already configured. To reconfigure the runner, run 'config.cmd remove' or './config.sh remove' first.\n",
  });
});

test('a bad token is refused as the service words it', async () => {
  const runner = await lab.runner('bad-token');
  const token = 'NOTATOKEN';
  const { code, errors } = await runner.config([
    '--unattended',
    '--url',
    lab.repositoryUrl,
    '--token',
    token,
  ]);
  expect(code).toBe(1);
  const api = `${lab.github.demo.url}/api/v3/actions/runner-registration`;
  expect(errors).toMatch(/^Http response code: NotFound from 'POST /);
  expect(errors).toContain(`'POST ${api}' (Request Id: `);
  expect(errors).toContain('"message":"Not Found"');
  expect(errors).not.toContain(token);
  expect(runner.has('.runner')).toBe(false);
});

test.each([
  [['--name', 'x'], 'Invalid configuration provided for url. Terminating unattended configuration.'],
  [['--url', 'ftp://x/y'], 'Invalid configuration provided for url. Terminating unattended configuration.'],
  [['--runnergroup', 'Nobody'], 'Could not find any self-hosted runner group named "Nobody".'],
  [['--no-default-labels'], 'Disabling default labels via --no-default-labels without specifying --labels'],
])('unattended with %j: %s', async (args, message) => {
  const runner = await lab.runner(`refused${args[0]}${args.length}${message.length}`);
  const url =
    args.includes('--runnergroup') || args[0]?.includes('labels') ? ['--url', lab.repositoryUrl] : [];
  const { code, errors } = await runner.config(['--unattended', ...url, ...args], {
    ACTIONS_RUNNER_INPUT_TOKEN: await lab.github.runnerToken(),
  });
  expect(code).toBe(1);
  expect(errors).toContain(message);
});

test('labels that are too long are as good as none when nobody can be asked', async () => {
  const runner = await lab.runner('long-labels');
  const { code } = await runner.configure(['--labels', `short,${'l'.repeat(257)}`]);
  expect(code).toBe(0);
  expect(registered('long-labels')?.labels.map((label) => label.name)).toEqual(['self-hosted', os, 'X64']);
});

test('unknown arguments are told and passed over', async () => {
  const runner = await lab.runner('unknown');
  const { code, errors } = await runner.configure(['--labls', 'x']);
  expect(code).toBe(0);
  expect(errors).toBe(
    "Unrecognized command-line input arguments for command configure: 'labls'. For usage refer to: .\\config.cmd --help or ./config.sh --help\n",
  );
});

test('as root it wants to be asked twice', async () => {
  if (process.getuid?.() !== 0) return;
  const runner = await lab.runner('root');
  const environment = { RUNNER_ALLOW_RUNASROOT: undefined };
  expect(await runner.config(['--unattended'], environment)).toMatchObject({
    code: 1,
    output: 'Must not run with sudo\n',
  });
  const run = await runner.start({ command: ['run.sh'], environment }).ended;
  expect(run).toMatchObject({ code: 0, output: 'Must not run interactively with sudo\nExiting runner...\n' });
});

test('a version the service takes no more is refused', async () => {
  const fault = lab.github.demo.faults.set({ kind: 'version-deprecated', runner: 'old' });
  const runner = await lab.runner('old');
  const { code, errors } = await runner.configure();
  lab.github.demo.faults.clear(fault);
  expect(code).toBe(1);
  expect(errors).toMatch(/^Http response code: Forbidden from 'POST .*\/actions\/runners\/register'/);
  expect(errors).toContain('Runner version v2.336.0 is deprecated');
});

test('no server: it says so after some tries', async () => {
  const runner = await lab.runner('nobody');
  const args = ['--unattended', '--url', 'http://127.0.0.1:9/octo/forge', '--token', 'x'];
  const { code, errors } = await runner.config(args);
  expect(code).toBe(1);
  expect(errors).toBe('Connection refused (127.0.0.1:9)\n');
});

test('remove takes it off the service and deletes its files', async () => {
  const runner = await lab.runner('removed');
  await runner.configure();
  const token = await lab.github.runnerToken('remove');
  const { code, output } = await runner.config(['remove'], { ACTIONS_RUNNER_INPUT_TOKEN: token });
  expect(code).toBe(0);
  expect(output).toBe(
    '\n# Runner removal\n\n\n√ Runner removed successfully\n√ Removed .credentials\n√ Removed .runner\n\n',
  );
  expect(registered('removed')).toBeUndefined();
  for (const file of ['.runner', '.credentials', '.credentials_rsaparams'])
    expect(runner.has(file)).toBe(false);
  const again = await runner.config(['remove'], { ACTIONS_RUNNER_INPUT_TOKEN: token });
  expect(again.code).toBe(0);
  expect(again.output).toContain(
    'Cannot connect to server, because config files are missing. Skipping removing runner from the server.',
  );
});

test('remove --local needs no server; remove with a bad token or as a service changes nothing', async () => {
  const runner = await lab.runner('local');
  await runner.configure();
  const bad = await runner.config(['remove', '--token', 'NOTATOKEN']);
  expect(bad.code).toBe(1);
  expect(bad.errors).toContain('Http response code: NotFound');
  expect(bad.errors).toContain('Failed: Removing runner from the server');
  await writeFile(join(runner.root, '.service'), 'x');
  const service = await runner.config(['remove', '--token', 'NOTATOKEN']);
  expect(service).toMatchObject({ code: 1, errors: 'Failed: Removing service\nUninstall service first\n' });
  expect(runner.has('.runner')).toBe(true);
  const local = await runner.config(['remove', '--local']);
  expect(local).toMatchObject({ code: 0, output: '√ Removed .credentials\n√ Removed .runner\n' });
  expect(registered('local')).toBeDefined();
});

test('a personal access token gets the runner its tokens', async () => {
  const runner = await lab.runner('pat');
  const args = ['--unattended', '--url', lab.repositoryUrl, '--name', 'pat'];
  const environment = { ACTIONS_RUNNER_INPUT_PAT: lab.github.demo.token };
  expect(await runner.config(args, environment)).toMatchObject({ code: 0, errors: '' });
  expect((await runner.config(['remove'], environment)).code).toBe(0);
  expect(registered('pat')).toBeUndefined();
});

test('version, help and an interrupted question', async () => {
  const runner = await lab.runner('small-things');
  expect(await runner.start({ command: ['config.sh', '--version'] }).ended).toMatchObject({
    code: 0,
    output: '2.336.0\n',
  });
  expect((await runner.config(['--help'])).output).toContain('--no-default-labels');
  const config = runner.start({ command: ['config.sh'] });
  await config.waitFor(/URL of your repository/);
  config.signalGroup('SIGINT');
  expect((await config.ended).output).toContain('Exiting...');
});
