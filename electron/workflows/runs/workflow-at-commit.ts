/** Workflow files as they are at a commit: they never change, so each is read once. */
import { TracksideError } from '../../../shared/errors.ts';
import type { Forge, ForgeRun } from '../../forges/forge.ts';
import { type ParsedWorkflow, parseWorkflowFile } from '../file/workflow-file.ts';

/** A file as it was read: its words, and what they mean. */
export interface WorkflowSource {
  text: string;
  workflow: ParsedWorkflow;
}

export interface WorkflowsAtCommit {
  /** The file that a run was made from; null where there is none, the token may not read it, or it is not known yet. */
  read(
    repository: { forge: Forge; fullName: string },
    run: Pick<ForgeRun, 'path' | 'headSha'>,
    signal: AbortSignal,
  ): Promise<ParsedWorkflow | null>;
  /** The same with its text. */
  source(
    repository: { forge: Forge; fullName: string },
    run: Pick<ForgeRun, 'path' | 'headSha'>,
    signal: AbortSignal,
  ): Promise<WorkflowSource | null>;
}

/** The least recently made goes first. */
const mostKept = 200;

export function createWorkflowsAtCommit(): WorkflowsAtCommit {
  const kept = new Map<string, WorkflowSource | null>();
  const keep = (key: string, source: WorkflowSource | null): WorkflowSource | null => {
    kept.set(key, source);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return source;
  };
  const workflows: WorkflowsAtCommit = {
    read: async (...asked) => (await workflows.source(...asked))?.workflow ?? null,
    async source({ forge, fullName }, { path, headSha }, signal) {
      // Runs that the forge makes by itself have a path without a file; others may name their branch behind an "@".
      const [file = ''] = path.split('@', 1);
      if (!file.startsWith('.github/')) return null;
      const key = `${forge.apiUrl} ${fullName} ${headSha} ${file}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      try {
        const text = await forge.file(fullName, file, headSha, signal);
        return keep(key, text === null ? null : { text, workflow: parseWorkflowFile(text) });
      } catch (error) {
        signal.throwIfAborted();
        const isRefused =
          error instanceof TracksideError && ['PERMISSION_MISSING', 'UNKNOWN'].includes(error.code);
        return isRefused ? keep(key, null) : null;
      }
    },
  };
  return workflows;
}
