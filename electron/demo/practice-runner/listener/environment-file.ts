/** The `.env` file in the runner's root: `KEY=VALUE` lines that listener, worker and jobs get as environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sets what the file holds; nothing happens when there is none. An empty value unsets, as .NET does. */
export function loadEnvironmentFile(root: string, environment: NodeJS.ProcessEnv): void {
  let text: string;
  try {
    text = readFileSync(join(root, '.env'), 'utf8');
  } catch {
    return;
  }
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    if (equals < 1) continue;
    const value = line.slice(equals + 1);
    if (value === '') delete environment[line.slice(0, equals)];
    else environment[line.slice(0, equals)] = value;
  }
}
