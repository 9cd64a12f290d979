/** Drafts of workflows for labels that exist. */
import { TracksideError } from '../../../shared/errors.ts';
import type { WorkflowDraft, WorkflowDraftRequest } from '../../../shared/model.ts';
import type { Repositories } from '../../forges/repositories.ts';
import { checkWorkflow } from '../check/check.ts';
import { type CheckWorldOptions, checkWorld, runnersOnBoard } from '../check/check-world.ts';
import { writeWorkflow } from './write-workflow.ts';

export interface WorkflowDrafts {
  /**
   * Writes a workflow; the forge is not asked, so that this can follow what somebody types.
   * @throws TracksideError INVALID_REQUEST (field `name` or `labels`), also when nobody has the labels
   */
  draft(request: WorkflowDraftRequest): WorkflowDraft;
}

export interface WorkflowDraftsOptions extends CheckWorldOptions {
  repositories: Pick<Repositories, 'get' | 'forgeOf'>;
}

/** GitHub's pages take addresses of about 8 KB. */
const longestAddress = 8000;
const longestName = 100;

function assertPlain(text: string, field: string, what: string): void {
  if (text.trim() === '' || text.length > longestName || /\p{Cc}|\$\{\{/u.test(text)) {
    throw new TracksideError(
      'INVALID_REQUEST',
      `${what} needs between 1 and ${longestName} characters on one line, and no expression.`,
      {
        field,
      },
    );
  }
}

export function createWorkflowDrafts(options: WorkflowDraftsOptions): WorkflowDrafts {
  const { repositories } = options;
  return {
    draft(request) {
      const repository = repositories.get(request.repositoryId);
      const { forge, fullName } = repositories.forgeOf(request.repositoryId);
      assertPlain(request.name, 'name', 'The name of a workflow');
      const labels = [...new Set(request.labels)];
      if (labels.length === 0) {
        const remedy = 'Choose at least one.';
        throw new TracksideError('INVALID_REQUEST', 'Without a label no runner takes its job.', {
          remedy,
          field: 'labels',
        });
      }
      for (const label of labels) assertPlain(label, 'labels', 'A label');
      const world = checkWorld(repository, runnersOnBoard(repository.id, options), null, options);
      const written = writeWorkflow(
        { ...request, name: request.name.trim(), labels },
        {
          defaultBranch: repository.defaultBranch,
          isPublic: repository.visibility === 'public',
          isServer: !world.offersHosted,
        },
      );
      const checked = checkWorkflow({ path: written.path, text: written.yaml, url: null }, world);
      const hanging = checked.jobs.find(({ verdict }) => verdict === 'nobody');
      if (hanging) {
        throw new TracksideError('INVALID_REQUEST', hanging.sentence, {
          remedy: 'Choose labels that a runner or a pool has.',
          field: 'labels',
        });
      }
      const page = forge.newFilePage(fullName, repository.defaultBranch, written.path, written.yaml);
      return { ...written, newFileUrl: page.length > longestAddress ? null : page };
    },
  };
}
