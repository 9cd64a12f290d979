/** `config.sh remove`: takes the registration off the server and deletes the local configuration. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine } from './command-line.ts';
import { deleteConfiguration, isConfigured, readSettings } from './configuration.ts';
import { apiOf, authenticate, type Host } from './configure.ts';
import { Refusal } from './refusal.ts';
import { describeRefusal, send } from './service.ts';
import type { Terminal } from './terminal.ts';

/** Runs `remove`. @throws Refusal with what is printed */
export async function remove(line: CommandLine, terminal: Terminal, host: Host): Promise<void> {
  terminal.print('', '# Runner removal', '');
  if (existsSync(join(host.root, '.service'))) throw new Refusal('Uninstall service first');
  if (!isConfigured(host.root)) {
    terminal.print('Cannot connect to server, because config files are missing. Skipping removing runner from the server.');
  } else if (!line.flag('local')) {
    const token = await terminal.ask(line, 'token', 'Enter runner remove token:', null);
    await removeFromServer(host, token);
    terminal.print('√ Runner removed successfully');
  }
  for (const name of deleteConfiguration(host.root)) {
    if (name !== '.credentials_rsaparams') terminal.print(`√ Removed ${name}`);
  }
  terminal.print('');
}

async function removeFromServer(host: Host, token: string): Promise<void> {
  const { AgentId, GitHubUrl } = readSettings(host.root);
  const admin = await authenticate(GitHubUrl, token, 'remove');
  const url = `${apiOf(GitHubUrl)}/actions/runners/${AgentId}`;
  const answer = await send(url, { method: 'DELETE', headers: { authorization: `Bearer ${admin.token}` } });
  if (answer.status !== 204 && answer.status !== 404) throw new Refusal(describeRefusal('DELETE', url, answer));
}
