/** `config.sh`: registers the runner and writes its configuration (ConfigurationManager.cs). */
import { generateKeyPair } from 'node:crypto';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { isConfigured, type Settings, writeCredentials, writeSettings } from '../common/configuration.ts';
import type { Release } from '../common/release.ts';
import { reasonOf } from '../common/text.ts';
import type { CommandLine } from './command-line.ts';
import { createPrompts, InputEnded, type Prompts } from './prompts.ts';
import { type AddedRunner, addRunner, type Context, exchangeToken, requestToken } from './registration.ts';

export interface ConfigureContext extends Context {
  root: string;
  release: Release;
  line: CommandLine;
}

interface Keys {
  publicKey: string;
  privateKey: string;
}

interface Access {
  url: string;
  serviceUrl: string;
  token: string;
}

const labelLengthLimit = 256;
const groupName = 'Default';

function banner(): string {
  const width = 78;
  const row = (text: string): string => {
    const left = Math.floor((width - text.length) / 2);
    return `|${text.padStart(left + text.length).padEnd(width)}|`;
  };
  const rule = '-'.repeat(width + 2);
  const rows = ['', 'G i t H u b   A c t i o n s', 'Self-hosted runner registration', ''];
  return ['', rule, ...rows.map(row), rule].join('\n');
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function splitLabels(text: string): string[] {
  const labels = new Map<string, string>();
  for (const label of text.split(',').filter(Boolean)) {
    if (!labels.has(label.toLowerCase())) labels.set(label.toLowerCase(), label);
  }
  return [...labels.values()];
}

const areLabels = (text: string): boolean =>
  splitLabels(text).every(({ length }) => length <= labelLengthLimit);

/** Asks for address and token and exchanges the token. */
async function connect(context: ConfigureContext, prompts: Prompts): Promise<Access> {
  const { line, terminal } = context;
  const urlQuestion = { name: 'url', text: 'What is the URL of your repository?', isValid: isWebAddress };
  const url = (await prompts.value(urlQuestion)).replace(/\/+$/, '');
  const pat = line.value('pat');
  const given = pat
    ? await requestToken(context, url, pat, 'registration')
    : await prompts.value({ name: 'token', text: 'What is your runner register token?' });
  const { serviceUrl, token } = await exchangeToken(context, url, given, 'register');
  terminal.writeLine();
  terminal.success('Connected to GitHub');
  return { url, serviceUrl, token };
}

async function chooseGroup({ terminal }: ConfigureContext, prompts: Prompts): Promise<void> {
  const text = 'Enter the name of the runner group to add this runner to:';
  const name = await prompts.value({ name: 'runnergroup', text, fallback: groupName });
  terminal.writeLine();
  if (name.toLowerCase() === groupName.toLowerCase()) return;
  throw new Error(`Could not find any self-hosted runner group named "${name}".`);
}

function labelsOf({ line, release }: ConfigureContext, own: string[]) {
  const isBare = line.flag('no-default-labels');
  if (isBare && own.length === 0) {
    throw new Error(
      'Disabling default labels via --no-default-labels without specifying --labels is not supported',
    );
  }
  const system = isBare ? [] : ['self-hosted', release.os, release.architecture];
  return [
    ...system.map((name) => ({ name, type: 'system' as const })),
    ...own.map((name) => ({ name, type: 'user' as const })),
  ];
}

interface Registered {
  name: string;
  added: AddedRunner;
}

/** One round of questions and its registration. @returns null when the name is taken and shall not be replaced */
async function register(
  context: ConfigureContext,
  prompts: Prompts,
  access: Access,
  publicKey: string,
): Promise<Registered | null> {
  const { line, release, terminal } = context;
  const name = await prompts.value({ name: 'name', text: 'Enter the name of runner:', fallback: hostname() });
  terminal.writeLine();
  const text = `This runner will have the following labels: 'self-hosted', '${release.os}', '${release.architecture}' \nEnter any additional labels (ex. label-1,label-2):`;
  const own = splitLabels(await prompts.value({ name: 'labels', text, optional: true, isValid: areLabels }));
  terminal.writeLine();
  const runner = {
    url: access.url,
    name,
    version: release.version,
    updates_disabled: line.flag('disableupdate'),
    ephemeral: line.flag('ephemeral'),
    labels: labelsOf(context, own),
    os: release.os,
    architecture: release.architecture,
    public_key: publicKey,
  };
  const add = (replace: boolean) => addRunner(context, access.token, { ...runner, replace });
  const isReplacing = line.flag('replace');
  const first = await add(isReplacing);
  if (first && !first.replaced) {
    terminal.success('Runner successfully added');
    return { name, added: first };
  }
  terminal.writeLine('A runner exists with the same name');
  const text2 = 'Would you like to replace the existing runner? (Y/N)';
  if (!first && !(await prompts.confirm('replace', text2))) {
    if (line.flag('unattended')) throw new Error(`A runner exists with the same name ${name}.`);
    return null;
  }
  const added = first ?? (await add(true));
  if (!added) throw new Error(`A runner exists with the same name ${name}.`);
  terminal.success('Successfully replaced the runner');
  return { name, added };
}

/** Repeats the questions until the runner is added; unattended the first refusal counts. */
async function registerPatiently(
  context: ConfigureContext,
  prompts: Prompts,
  access: Access,
  publicKey: string,
): Promise<Registered> {
  const { line, terminal } = context;
  for (;;) {
    try {
      const registered = await register(context, prompts, access, publicKey);
      if (registered) return registered;
    } catch (error) {
      if (line.flag('unattended') || error instanceof InputEnded) throw error;
      terminal.writeError(reasonOf(error));
      terminal.writeError('Failed to add the runner. Try again or ctrl-c to quit');
    }
  }
}

function settingsOf(
  { line }: ConfigureContext,
  access: Access,
  registered: Registered,
  work: string,
): Settings {
  return {
    AgentId: registered.added.id,
    AgentName: registered.name,
    PoolId: 1,
    PoolName: groupName,
    ...(line.flag('disableupdate') ? { DisableUpdate: true } : {}),
    ...(line.flag('ephemeral') ? { Ephemeral: true } : {}),
    ServerUrl: access.serviceUrl,
    GitHubUrl: access.url,
    WorkFolder: work,
    UseV2Flow: true,
    ServerUrlV2: registered.added.authorization.server_url,
  };
}

/** Runs `configure`. @throws with the sentence to print */
export async function configure(context: ConfigureContext): Promise<void> {
  const { root, terminal, line } = context;
  terminal.writeLine(banner());
  if (isConfigured(root)) {
    throw new Error(
      "Cannot configure the runner because it is already configured. To reconfigure the runner, run 'config.cmd remove' or './config.sh remove' first.",
    );
  }
  const keysMade: Promise<Keys> = promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const prompts = createPrompts(line, terminal);
  terminal.section('Authentication');
  const access = await connect(context, prompts);
  terminal.section('Runner Registration');
  await chooseGroup(context, prompts);
  const keys = await keysMade;
  const registered = await registerPatiently(context, prompts, access, keys.publicKey);
  const { authorization_url: authorizationUrl, client_id: clientId } = registered.added.authorization;
  writeCredentials(root, { clientId, authorizationUrl, privateKey: keys.privateKey });
  terminal.section('Runner settings');
  const work = await prompts.value({ name: 'work', text: 'Enter name of work folder:', fallback: '_work' });
  writeSettings(root, settingsOf(context, access, registered, work));
  terminal.writeLine();
  terminal.success('Settings Saved.');
  terminal.writeLine();
}
