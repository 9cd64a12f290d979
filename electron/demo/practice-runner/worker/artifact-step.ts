/** Carries out a step that uses `actions/upload-artifact`: its inputs, its lines, its results. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { reasonOf } from '../common/text.ts';
import { type ArtifactFile, findArtifactFiles } from './artifact-files.ts';
import type { StepLog } from './log.ts';
import type { JobState, ScriptResult } from './script.ts';

const forbidden: Record<string, string> = {
  '"': 'Double quote "',
  ':': 'Colon :',
  '<': 'Less than <',
  '>': 'Greater than >',
  '|': 'Vertical bar |',
  '*': 'Asterisk *',
  '?': 'Question mark ?',
  '\r': 'Carriage return \\r',
  '\n': 'Line feed \\n',
  '\\': 'Backslash \\',
  '/': 'Forward slash /',
};

interface Inputs {
  uses: string;
  name: string;
  path: string;
  ifNoFilesFound: string;
  retentionDays: number;
  compressionLevel: number;
  overwrite: boolean;
  includeHidden: boolean;
}

/** @throws with the action's sentence when an input cannot be used */
function inputsOf(given: Record<string, string>): Inputs {
  const name = given.name?.trim() || 'artifact';
  const bad = Object.keys(forbidden).find((character) => name.includes(character));
  if (bad) {
    throw new Error(
      `The artifact name is not valid: ${name}. Contains the following character: ${forbidden[bad]}`,
    );
  }
  if (!given.path?.trim()) throw new Error('Input required and not supplied: path');
  const retentionDays = Number(given['retention-days'] ?? 0);
  if (!Number.isInteger(retentionDays) || retentionDays < 0) throw new Error('Invalid retention-days');
  const level = given['compression-level'] ?? '6';
  if (!/^[0-9]$/.test(level)) throw new Error('Invalid compression-level. Valid values are 0-9');
  return {
    uses: given.uses ?? '',
    name,
    path: given.path,
    ifNoFilesFound: given['if-no-files-found'] ?? 'warn',
    retentionDays,
    compressionLevel: Number(level),
    overwrite: given.overwrite === 'true',
    includeHidden: given['include-hidden-files'] === 'true',
  };
}

function printHeader(log: StepLog, { uses, ...inputs }: Record<string, string>): void {
  log.write(`##[group]Run ${uses}`);
  log.write('with:');
  for (const [name, value] of Object.entries(inputs)) log.write(`  ${name}: ${value.trimEnd()}`);
  log.write('##[endgroup]');
}

/** What happens without files is for the workflow to say. */
function withoutFiles({ path, ifNoFilesFound }: Inputs, log: StepLog): ScriptResult {
  const text = `No files were found with the provided path: ${path.trim()}.`;
  if (ifNoFilesFound === 'error') {
    log.error(text);
    return 'failure';
  }
  log.write(`${ifNoFilesFound === 'ignore' ? '' : '##[warning]'}${text} No artifacts will be uploaded.`);
  return 'success';
}

/** @returns size in bytes */
async function pack(
  files: readonly ArtifactFile[],
  { compressionLevel }: Inputs,
  archive: string,
  signal: AbortSignal,
) {
  const zip = new ZipFile();
  for (const { path, name } of files) zip.addFile(path, name, { compressionLevel });
  const written = createWriteStream(archive);
  const finished = Promise.race([
    pipeline(zip.outputStream, written, { signal }),
    // A file that has gone meanwhile.
    new Promise<never>((_, reject) => zip.once('error', reject)),
  ]);
  zip.end();
  await finished;
  return written.bytesWritten;
}

async function upload(
  inputs: Inputs,
  files: readonly ArtifactFile[],
  { state, log, signal }: { state: JobState; log: StepLog; signal: AbortSignal },
): Promise<void> {
  const { name, retentionDays, overwrite } = inputs;
  const file = join(state.workspace.temp, 'artifact.zip');
  try {
    const sizeBytes = await pack(files, inputs, file, signal);
    log.write('Beginning upload of artifact content to blob storage');
    const { id, digest } = await state.upload({ name, file, sizeBytes, retentionDays, overwrite }, signal);
    log.write(`Uploaded bytes ${sizeBytes}`);
    log.write('Finished uploading artifact content to blob storage!');
    log.write(`SHA256 digest of uploaded artifact zip is ${digest.replace('sha256:', '')}`);
    log.write('Finalizing artifact upload');
    log.write(`Artifact ${name}.zip successfully finalized. Artifact ID ${id}`);
    log.write(
      `Artifact ${name} has been successfully uploaded! Final size is ${sizeBytes} bytes. Artifact ID is ${id}`,
    );
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * Finds the files, packs them and gives them to the service.
 * @param given the action's inputs, and `uses`
 * @param signal ends it
 */
export async function runUploadStep(
  given: Record<string, string>,
  state: JobState,
  log: StepLog,
  signal: AbortSignal,
): Promise<ScriptResult> {
  printHeader(log, given);
  try {
    const inputs = inputsOf(given);
    const { folder } = state.workspace;
    const { path: patterns, includeHidden } = inputs;
    const files = await findArtifactFiles({
      patterns: state.workspace.expand(patterns),
      folder,
      includeHidden,
    });
    if (files.length === 0) return withoutFiles(inputs, log);
    log.write(
      files.length === 1
        ? 'With the provided path, there will be 1 file uploaded'
        : `With the provided path, there will be ${files.length} files uploaded`,
    );
    await upload(inputs, files, { state, log, signal });
    return 'success';
  } catch (error) {
    if (signal.aborted) {
      log.error('The operation was canceled.');
      return 'cancelled';
    }
    log.error(reasonOf(error));
    return 'failure';
  }
}
