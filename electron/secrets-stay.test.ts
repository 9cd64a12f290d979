/** A full run with planted secrets, watched from everywhere: each secret stays where it belongs. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { DemoData } from './demo/github/model.ts';
import { signToken } from './demo/github/signed-tokens.ts';
import { deployRequest } from './testing/engine-lab.ts';
import { type HostileLab, openHostileLab, when, whenAllReady } from './testing/hostile-lab.ts';
import { type PanelVisitor, visitPanel } from './testing/panel-visitor.ts';
import { type ProcessSampler, type Sighting, startProcessSampler } from './testing/process-sampler.ts';
import { filesBelow, searchDisk, secretsIn, signedTokensIn } from './testing/secret-search.ts';

vi.setConfig({ testTimeout: 90_000 });

const refusedToken = `github_pat_11${'Refused'.repeat(3).slice(0, 20)}_${'z9'.repeat(30).slice(0, 59)}`;
/** What a person may have in the environment of the shell that starts Trackside. */
const inherited = {
  GH_TOKEN: 'gho_plantedInTheShellOfThePerson000000001',
  GITHUB_TOKEN: 'ghp_plantedInTheShellOfThePerson000000002',
  TRACKSIDE_KEY: 'plantedForTracksideItself0000000000000003',
  ACTIONS_RUNNER_INPUT_TOKEN: 'plantedByAnEarlierRunner00000000000000004',
};

let hostile: HostileLab;
let visitor: PanelVisitor;
let sampler: ProcessSampler;
/** What the engine wrote to its output. */
const printed: string[] = [];

/** Opens everything that is watched, before the first secret is used. */
async function open(): Promise<void> {
  sampler = await startProcessSampler();
  for (const [name, value] of Object.entries(inherited)) vi.stubEnv(name, value);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text));
      return true;
    });
  }
  hostile = await openHostileLab();
  visitor = await visitPanel(hostile.engine.router, join(hostile.folder, 'page'));
}
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await visitor?.close();
  await hostile?.dispose();
});

const forgeState = async (): Promise<DemoData> =>
  JSON.parse(await readFile(join(hostile.folder, 'github.json'), 'utf8'));

/** All secrets so far that must never lie on our disk, by name. */
async function secretsNow(): Promise<Record<string, string>> {
  const { runnerTokens } = await forgeState();
  const [link = '', session = ''] = visitor.keys;
  return {
    'the token': hostile.github.token,
    'the refused token': refusedToken,
    'the one-time link': link,
    'the panel’s session': session,
    ...inherited,
    ...Object.fromEntries(runnerTokens.map(({ kind, token }, index) => [`${kind} token ${index}`, token])),
  };
}

/** The private keys of the runners that are there, by name. */
async function privateKeys(): Promise<Record<string, string>> {
  const keys: Record<string, string> = {};
  for await (const { path, content } of filesBelow(join(hostile.dataFolder, 'runners'))) {
    const lines = content.split('\n');
    if (path.endsWith('.credentials_rsaparams')) keys[`private key in ${path}`] = lines[1] ?? '';
  }
  return keys;
}

const ownFolders = (): string[] => [hostile.dataFolder, hostile.cacheFolder];

/** Where a secret or a token that the forge signed lies below our folders; the runner's own key file is its place. */
async function foundOnDisk(): Promise<string[]> {
  const { signingKey } = await forgeState();
  const findings = await searchDisk(ownFolders(), { ...(await secretsNow()), ...(await privateKeys()) });
  const places = findings
    .filter(
      ({ where, secret }) => !(secret.startsWith('private key') && where.endsWith('.credentials_rsaparams')),
    )
    .map(({ where, secret }) => `${secret} in ${where}`);
  for (const folder of ownFolders()) {
    for await (const { path, content } of filesBelow(folder)) {
      for (const _ of signedTokensIn(content, signingKey)) places.push(`a signed token in ${path}`);
    }
  }
  return places;
}

/** Reads a stream until `enough` of its items. */
async function readUntil<T>(stream: AsyncIterable<T>, enough: (item: T) => boolean): Promise<void> {
  for await (const item of stream) if (enough(item)) return;
}
const never = (): boolean => false;

/** Connects as a person does, a wrong token first, and deploys two runners. */
async function connectAndDeploy(): Promise<{ repositoryId: string }> {
  const { client } = visitor;
  const apiUrl = `${hostile.github.url}/api/v3`;
  readUntil(await client.board.watch(), never).catch(() => {});
  for (const token of [refusedToken, hostile.github.token]) {
    await readUntil(await client.connections.check({ token, apiUrl, repository: 'octo/forge' }), never);
  }
  await expect(
    client.connections.add({ token: refusedToken, apiUrl, repository: null }),
  ).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  const { id } = await client.connections.add({ token: hostile.github.token, apiUrl, repository: null });
  const repository = await client.repositories.connect({ connectionId: id, fullName: 'octo/forge' });
  await client.pools.plan({ repositoryId: repository.id, size: null });

  const registering = hostile.hold('^/actions/runners/register$');
  await client.pools.deploy(deployRequest(repository.id, 2));
  await registering.reached;
  expect(await foundOnDisk(), 'while config.sh is at work').toEqual([]);
  registering.release();
  await whenAllReady(hostile, 2);
  return { repositoryId: repository.id };
}

/** Has a job run that prints its environment. @returns what the panel was shown of its log */
async function watchJob(): Promise<{ log: string; runnerId: string }> {
  const { client } = visitor;
  const { id: runnerId } = await hostile.startJob();
  let log = '';
  const job = { kind: 'runner-job', runnerId } as const;
  await readUntil(await client.logs.follow({ source: job, tail: 2000 }), ({ tail }) => {
    log += `${tail.join('\n')}\n`;
    return log.includes('RUNNER_NAME=') && log.includes('JOB_TOKEN=');
  });
  const listener = { kind: 'listener', runnerId } as const;
  await readUntil(await client.logs.follow({ source: listener, tail: 2000 }), ({ tail }) => tail.length > 0);
  expect(await privateKeys()).not.toEqual({});
  expect(await foundOnDisk(), 'while a job runs').toEqual([]);
  await hostile.openGate();
  await when(hostile, (rows) => rows.every(({ state }) => state === 'idle'));
  return { log, runnerId };
}

/** Stops one, removes both over a disturbance, and deploys one that the forge refuses. */
async function stopRemoveAndFail(runnerId: string, repositoryId: string): Promise<void> {
  const { client } = visitor;
  const { github, engine } = hostile;
  await client.runners.stop({ runnerId, how: 'drain' });
  const rows = await when(hostile, (all) => all.some(({ state }) => state === 'stopped'));
  github.faults.set({ kind: 'server-error', pathPattern: 'remove-token$', status: 500, count: 1 });
  for (const { id } of rows) await client.runners.remove({ runnerId: id, how: 'drain' });
  await when(hostile, (all) => all.length === 0);
  github.faults.set({ kind: 'version-deprecated' });
  await client.pools.deploy(deployRequest(repositoryId, 1));
  await when(hostile, (all) => all.some(({ state }) => state === 'failed'));
  expect(Object.keys(engine.board.current().shifts)).toHaveLength(1);
}

/** The session of this process, and of what the engine runs for itself. */
function ownSession(): number {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
}

/** Sessions led by config.sh (the shell before it becomes that may be missed): the only ones that may have a token in their environment. */
const configurationSessions = (sightings: Sighting[]): Set<number> =>
  new Set(
    sightings
      .filter(
        ({ pid, sessionId, command }) => pid === sessionId && /trackside-config|\/config\.sh/.test(command),
      )
      .map(({ sessionId }) => sessionId),
  );

test.skipIf(process.platform !== 'linux')(
  'after a full run every secret is where it belongs and nowhere else',
  async () => {
    await open();
    const { repositoryId } = await connectAndDeploy();
    const { log, runnerId } = await watchJob();
    await stopRemoveAndFail(runnerId, repositoryId);
    expect(await foundOnDisk(), 'after the run').toEqual([]);
    const secrets = await secretsNow();
    const { signingKey } = await forgeState();
    await visitor.close();
    await hostile.engine.dispose();
    expect(await foundOnDisk(), 'after the engine').toEqual([]);
    const sightings = await sampler.stop();
    vi.restoreAllMocks();

    // The search finds what is there to be found: the token where the lab's engine keeps it, by its own choice.
    const control = await searchDisk([join(hostile.folder, 'secrets')], secrets);
    expect(control.map(({ secret }) => secret)).toEqual(['the token']);
    expect(signedTokensIn(signToken({ kind: 'runner' }, signingKey, 60_000), signingKey)).toHaveLength(1);
    expect(
      Object.keys(secrets).filter((name) => /^(register|remove) token/.test(name)).length,
    ).toBeGreaterThan(1);

    // The job's own token was in the job, and came out of it masked.
    const jobToken = sightings
      .map(({ environment }) => /(?:^|\0)JOB_TOKEN=(\w+)/.exec(environment)?.[1])
      .find((value) => value !== undefined);
    expect(jobToken).toMatch(/^ghs_/);
    expect(await searchDisk(ownFolders(), { 'the job’s token': jobToken ?? '' })).toEqual([]);
    expect(log).toContain('JOB_TOKEN=***');

    // The panel: what it was told has the runners and the log, and no secret.
    const heard = visitor.heard.join('\n');
    expect(heard).toContain('arm-2');
    expect(log).toContain('RUNNER_NAME=arm-');
    expect(heard).toContain('RUNNER_NAME=arm-');
    expect(secretsIn(heard, { ...secrets, 'the job’s token': jobToken ?? '' })).toEqual([]);
    expect(signedTokensIn(heard, signingKey)).toEqual([]);

    // What Trackside printed.
    expect(secretsIn(printed.join(''), secrets)).toEqual([]);

    // Arguments of all processes, and their environments.
    const words = ({ command }: Sighting): string => command.replaceAll('\0', ' ');
    expect(sightings.map(words)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Runner.Listener run'),
        expect.stringContaining('Runner.Worker'),
        expect.stringContaining('config.sh'),
      ]),
    );
    expect(sightings.filter((one) => secretsIn(one.command, secrets).length > 0).map(words)).toEqual([]);
    const configuring = configurationSessions(sightings);
    const carriers = sightings.flatMap((one) =>
      secretsIn(one.environment, secrets).map((secret) => ({ ...one, secret })),
    );
    const allowed = carriers.filter(
      ({ secret, sessionId }) =>
        (/^(register|remove) token/.test(secret) && configuring.has(sessionId)) ||
        // What the person's shell had is no news to the system's own tools, which run in the engine's session.
        (secret in inherited && sessionId === ownSession()),
    );
    expect(allowed.filter((one) => words(one).includes('config.sh'))).not.toEqual([]);
    expect(
      carriers.filter((one) => !allowed.includes(one)).map((one) => `${one.secret}: ${words(one)}`),
    ).toEqual([]);
  },
);
