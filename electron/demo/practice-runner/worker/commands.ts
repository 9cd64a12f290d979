/** The commands that a step may print: `::error::…`, `::group::…`, `::add-mask::…` (ActionCommandManager.cs). */
import type { StepLog } from './log.ts';
import type { Masks } from './masks.ts';

const marker = '::';
const issues = ['error', 'warning', 'notice'];
/** Known and of no consequence here. */
const silent = ['set-output', 'save-state', 'set-env', 'add-path', 'add-matcher', 'remove-matcher', 'echo'];

/** `::name key=value,…::data` */
function parse(line: string): { name: string; data: string } | null {
  const text = line.trimStart();
  const end = text.startsWith(marker) ? text.indexOf(marker, marker.length) : -1;
  if (end < 0) return null;
  const [name = ''] = text.slice(marker.length, end).split(' ');
  const data = text.slice(end + marker.length);
  return { name, data: data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%') };
}

/** @returns what takes a step's output line by line */
export function createCommandReader(log: StepLog, masks: Masks, isDebug: boolean): (line: string) => void {
  /** While set, nothing counts as a command but the one of this name. */
  let resumeName: string | null = null;
  const handle = ({ name, data }: { name: string; data: string }, line: string): boolean => {
    if (name === 'stop-commands') {
      resumeName = data;
      log.write(line);
    } else if (name === 'add-mask') masks.add(data);
    else if (name === 'group') log.write(`##[group]${data}`);
    else if (name === 'endgroup') log.write('##[endgroup]');
    else if (issues.includes(name)) log.write(`##[${name}]${data}`);
    else if (name === 'debug') {
      if (isDebug) log.write(`##[debug]${data}`);
    } else return silent.includes(name);
    return true;
  };
  return (line) => {
    const command = parse(line);
    if (resumeName !== null) {
      if (command?.name === resumeName) resumeName = null;
      log.write(line);
    } else if (!command || !handle(command, line)) log.write(line);
  };
}
