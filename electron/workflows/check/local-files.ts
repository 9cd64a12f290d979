/** Reads the workflow files of a folder of this machine: plain files within it, by their paths, and nothing else. */
import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { TracksideError } from '../../../shared/errors.ts';
import { mostWorkflowBytes, tooLarge } from '../file/yaml-text.ts';

/** A file, or why it was not read. */
export type LocalFile = { path: string; text: string } | { path: string; refused: string };

const workflowFolder = join('.github', 'workflows');
const workflowName = /\.ya?ml$/i;
/** More than any repository has. */
const mostFiles = 500;

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/** Reads one file without waiting for what is no plain one. */
async function readPlain(path: string): Promise<{ text: string } | { refused: string }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return { refused: 'It is no plain file and was not read.' };
    if (facts.size > mostWorkflowBytes) return { refused: tooLarge(facts.size) };
    return { text: (await file.readFile()).toString('utf8') };
  } finally {
    await file.close();
  }
}

async function readEntry(folder: string, name: string, root: string): Promise<LocalFile> {
  const path = relative(root, join(folder, name));
  try {
    const real = await realpath(join(folder, name));
    if (!isWithin(real, root))
      return { path, refused: 'It is a link that leads out of the folder and was not read.' };
    return { path, ...(await readPlain(real)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { path, refused: `It cannot be read (${code}).` };
  }
}

/**
 * The workflow files of `<folder>/.github/workflows`, or of the folder itself where it has no such folder. What is no
 * plain file within the folder is refused, file by file.
 * @param folder an absolute path
 * @throws TracksideError INVALID_REQUEST (field `folder`) when there is no such folder
 */
export async function readWorkflowFolder(folder: string): Promise<LocalFile[]> {
  const wrong = (message: string, remedy: string): TracksideError =>
    new TracksideError('INVALID_REQUEST', message, { remedy, field: 'folder' });
  if (!isAbsolute(folder)) {
    throw wrong(`“${folder}” is not a whole path.`, 'Give the path from the root of this machine.');
  }
  if (!(await isFolder(folder))) {
    throw wrong(
      `There is no folder ${folder} on this machine.`,
      'Give the folder that a repository is checked out to.',
    );
  }
  const root = await realpath(folder);
  const inside = join(root, workflowFolder);
  const where = (await isFolder(inside)) ? inside : root;
  if (!isWithin(await realpath(where), root)) {
    throw wrong(`${inside} is a link that leads out of the folder.`, 'Give the folder that it leads to.');
  }
  const names = (await readdir(where)).filter((name) => workflowName.test(name)).sort();
  if (names.length > mostFiles) {
    throw wrong(`${where} has ${names.length} YAML files.`, `Give a folder with at most ${mostFiles}.`);
  }
  const files: LocalFile[] = [];
  for (const name of names) files.push(await readEntry(where, name, root));
  return files;
}
