/** `config.sh remove`: takes the registration off the server and deletes the local configuration. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  deleteCredentials,
  deleteSettings,
  hasCredentials,
  isConfigured,
  readSettings,
} from '../common/configuration.ts';
import type { ConfigureContext } from './configure.ts';
import { createPrompts } from './prompts.ts';
import { deleteRunner, exchangeToken, requestToken } from './registration.ts';
import type { Terminal } from './terminal.ts';

/** Deletes the files that `configure` wrote, and says so. */
export function deleteLocalConfiguration(root: string, terminal: Terminal): void {
  const wasConfigured = isConfigured(root);
  if (hasCredentials(root)) {
    deleteCredentials(root);
    terminal.success('Removed .credentials');
  } else {
    terminal.writeLine('Does not exist. Skipping Removing .credentials');
  }
  if (wasConfigured) {
    deleteSettings(root);
    terminal.success('Removed .runner');
  } else {
    terminal.writeLine('Does not exist. Skipping Removing .runner');
  }
}

async function removeFromServer(context: ConfigureContext): Promise<void> {
  const { root, line, terminal } = context;
  const { AgentId, GitHubUrl } = readSettings(root);
  if (!GitHubUrl) throw new Error('This runner has a JIT configuration: it is removed by the server.');
  const pat = line.value('pat');
  const given = pat
    ? await requestToken(context, GitHubUrl, pat, 'remove')
    : await createPrompts(line, terminal).value({ name: 'token', text: 'Enter runner remove token:' });
  const { token } = await exchangeToken(context, GitHubUrl, given, 'remove');
  const wasThere = await deleteRunner(context, token, GitHubUrl, AgentId);
  if (!wasThere) terminal.writeLine('Does not exist. Skipping Removing runner from the server');
}

/** Runs `remove`. @throws with the sentence to print */
export async function remove(context: ConfigureContext): Promise<void> {
  const { root, line, terminal } = context;
  if (line.flag('local')) return deleteLocalConfiguration(root, terminal);
  terminal.section('Runner removal');
  let action = '';
  try {
    if (existsSync(join(root, '.service'))) {
      action = 'Removing service';
      terminal.writeLine(action);
      throw new Error('Uninstall service first');
    }
    action = 'Removing runner from the server';
    if (isConfigured(root) && hasCredentials(root)) {
      await removeFromServer(context);
      terminal.writeLine();
      terminal.success('Runner removed successfully');
    } else {
      terminal.writeLine(
        'Cannot connect to server, because config files are missing. Skipping removing runner from the server.',
      );
    }
    deleteLocalConfiguration(root, terminal);
  } catch (error) {
    terminal.writeError(`Failed: ${action}`);
    throw error;
  }
  terminal.writeLine();
}
