/** `config.sh`: registers the runner and writes its configuration. */
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { CommandLine } from './command-line.ts';
import { isConfigured, type Settings, writeConfiguration } from './configuration.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './terminal.ts';
import { type Answer, describeRefusal, member, send } from './service.ts';

export interface Host {
  root: string;
  version: string;
  os: 'Linux' | 'macOS';
  architecture: 'X64' | 'ARM64';
}


interface Wanted {
  url: string;
  token: string;
  name: string;
  labels: string[];
  work: string;
  replace: boolean;
}

/** The address of the API for the address of a repository, as UrlUtil.cs derives it. */
export function apiOf(url: string): string {
  const { protocol, host, hostname: name } = new URL(url);
  const hosted = name === 'github.com' || name === 'www.github.com' || name.endsWith('.ghe.com');
  return hosted ? `${protocol}//api.${host.replace(/^www\./, '')}` : `${protocol}//${host}/api/v3`;
}

/** Exchanges a registration or remove token for the service's own. */
export async function authenticate(
  url: string,
  token: string,
  event: 'register' | 'remove',
): Promise<{ serviceUrl: string; token: string }> {
  const endpoint = `${apiOf(url)}/actions/runner-registration`;
  const answer = await send(endpoint, {
    method: 'POST',
    headers: { authorization: `RemoteAuth ${token}` },
    body: { url, runner_event: event },
  });
  if (answer.status !== 200) throw new Refusal(describeRefusal('POST', endpoint, answer));
  return { serviceUrl: member(answer.body, 'url'), token: member(answer.body, 'token') };
}

const splitLabels = (text: string): string[] => {
  const kept = new Map<string, string>();
  for (const label of text.split(',').map((part) => part.trim())) {
    if (label && !kept.has(label.toLowerCase())) kept.set(label.toLowerCase(), label);
  }
  return [...kept.values()];
};

async function askAll(line: CommandLine, terminal: Terminal, host: Host): Promise<Wanted> {
  const url = (await terminal.ask(line, 'url', 'What is the URL of your repository?', null)).replace(/\/+$/, '');
  const token = await terminal.ask(line, 'token', 'What is your runner register token?', null);
  terminal.print('', '√ Connected to GitHub', '', '# Runner Registration', '');
  await terminal.ask(line, 'runnergroup', 'Enter the name of the runner group to add this runner to:', 'Default');
  const name = await terminal.ask(line, 'name', 'Enter the name of runner:', hostname());
  const defaults = line.flag('no-default-labels') ? [] : ['self-hosted', host.os, host.architecture];
  if (!line.flag('unattended')) {
    const quoted = defaults.map((label) => `'${label}'`).join(', ');
    terminal.print('', `This runner will have the following labels: ${quoted}`);
  }
  const question = 'Enter any additional labels (ex. label-1,label-2):';
  const labels = splitLabels(await terminal.ask(line, 'labels', question, ''));
  if (labels.some((label) => label.length > 256)) throw new Refusal('A label must be at most 256 characters long.');
  if (line.flag('no-default-labels') && labels.length === 0) {
    throw new Refusal('Invalid configuration provided for labels. Terminating unattended configuration.');
  }
  const work = await terminal.ask(line, 'work', 'Enter name of work folder:', '_work');
  return { url, token, name, labels, work, replace: line.flag('replace') };
}

async function addRunner(wanted: Wanted, admin: string, publicKey: string, line: CommandLine, host: Host): Promise<Answer> {
  const defaults = line.flag('no-default-labels') ? [] : ['self-hosted', host.os, host.architecture];
  return send(`${apiOf(wanted.url)}/actions/runners/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}` },
    body: {
      url: wanted.url,
      group_id: 1,
      name: wanted.name,
      version: host.version,
      updates_disabled: line.flag('disableupdate'),
      ephemeral: line.flag('ephemeral'),
      labels: [
        ...defaults.map((name) => ({ name, type: 'system' })),
        ...wanted.labels.map((name) => ({ name, type: 'user' })),
      ],
      os: host.os,
      architecture: host.architecture,
      public_key: publicKey,
      replace: wanted.replace,
    },
  });
}

/** Runs `configure`. @throws Refusal with what is printed */
export async function configure(line: CommandLine, terminal: Terminal, host: Host): Promise<void> {
  if (isConfigured(host.root)) {
    throw new Refusal(
      'Cannot configure the runner because it is already configured. To reconfigure the runner, run ' +
        "'config.cmd remove' or './config.sh remove' first.",
    );
  }
  terminal.print('', '# Authentication', '');
  const wanted = await askAll(line, terminal, host);
  const { serviceUrl, token: admin } = await authenticate(wanted.url, wanted.token, 'register');
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  let answer = await addRunner(wanted, admin, keys.publicKey, line, host);
  if (answer.status === 409) {
    terminal.print('A runner exists with the same name');
    const replace = !line.flag('unattended') && (await terminal.confirm('Would you like to replace the existing runner? (Y/N)'));
    if (!replace) throw new Refusal(`A runner exists with the same name ${wanted.name}.`);
    answer = await addRunner({ ...wanted, replace }, admin, keys.publicKey, line, host);
  }
  if (answer.status !== 201) throw new Refusal(member(answer.body, 'message') || describeRefusal('POST', `${apiOf(wanted.url)}/actions/runners/register`, answer));
  const replaced = member(answer.body, 'replaced') === 'true';
  terminal.print(replaced ? '√ Successfully replaced the runner' : '√ Runner successfully added', '', '# Runner settings', '');
  save(answer, wanted, serviceUrl, keys.privateKey, line, host);
  terminal.print('√ Settings Saved.', '');
}

function save(answer: Answer, wanted: Wanted, serviceUrl: string, privateKey: string, line: CommandLine, host: Host): void {
  const { id, authorization } = answer.body as {
    id: number;
    authorization: { authorization_url: string; server_url: string; client_id: string };
  };
  const settings: Settings = {
    AgentId: id,
    AgentName: wanted.name,
    PoolId: 1,
    PoolName: 'Default',
    ServerUrl: serviceUrl,
    GitHubUrl: wanted.url,
    WorkFolder: wanted.work,
    UseV2Flow: true,
    ServerUrlV2: authorization.server_url,
    ...(line.flag('disableupdate') ? { DisableUpdate: true as const } : {}),
    ...(line.flag('ephemeral') ? { Ephemeral: true as const } : {}),
  };
  const { authorization_url: authorizationUrl, client_id: clientId } = authorization;
  writeConfiguration(host.root, settings, { clientId, authorizationUrl, privateKey });
  const environmentFile = join(host.root, '.env');
  if (!existsSync(environmentFile)) appendFileSync(environmentFile, `LANG=${process.env.LANG ?? 'C.UTF-8'}\n`);
  writeFileSync(join(host.root, '.path'), process.env.PATH ?? '');
}
