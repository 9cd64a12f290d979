/** Writes a workflow with what keeps it from doing harm: a time limit, few rights, pinned actions. Pure. */
import { formatCount } from '../../../shared/format.ts';
import type { WorkflowDraft, WorkflowDraftRequest } from '../../../shared/model.ts';
import { createNotedLines } from './noted-lines.ts';
import { pinned, pinnedActions } from './pinned-actions.ts';
import { templateSteps } from './templates.ts';
import { phases, triggerLines } from './triggers.ts';
import { yamlList, yamlScalar } from './yaml-words.ts';

export interface DraftSubject {
  defaultBranch: string;
  isPublic: boolean;
  /** An Enterprise Server: it knows only older versions of some actions. */
  isServer: boolean;
}

/** A name as part of a path: what is no letter or digit becomes a dash. */
export function fileNameOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'workflow' : plain;
}

/** The workflow's text, what its lines are for, and the way to triggers that work by themselves. */
export function writeWorkflow(
  request: Pick<WorkflowDraftRequest, 'name' | 'labels' | 'template' | 'triggers' | 'timeoutMinutes'>,
  subject: DraftSubject,
): Pick<WorkflowDraft, 'path' | 'yaml' | 'notes' | 'phases'> {
  const { name, labels, template, triggers, timeoutMinutes } = request;
  const file = fileNameOf(name);
  const { add, text, notes } = createNotedLines();
  const { uploadArtifact, checkout } = pinnedActions;
  add(`name: ${yamlScalar(name)}`);
  add('');
  for (const { text: line, note } of triggerLines(triggers, subject)) add(line, note);
  add('');
  add('permissions:');
  add(
    '  contents: read',
    'All that its token may do: read the files. Add a right here when a step needs one.',
  );
  add('');
  add('concurrency:');
  add(`  group: ${file}-\${{ github.ref }}`, 'One run of a branch at a time.');
  add('  cancel-in-progress: true', 'A newer run takes the place of an older one.');
  add('');
  add('defaults:');
  add('  run:');
  add('    shell: bash', 'The same on every system, and a step ends at its first command that fails.');
  add('');
  add('jobs:');
  add('  build:');
  add(`    runs-on: ${yamlList(labels)}`, 'A runner must have all of these labels.');
  add(
    `    timeout-minutes: ${timeoutMinutes}`,
    `Without it a job that hangs holds its runner for six hours; this one ends after ${formatCount(timeoutMinutes, 'minute')}.`,
  );
  add('    steps:');
  const version = `Pinned to the commit of ${checkout.version}: a tag could be moved to other code.`;
  add(`      - uses: ${pinned(checkout)}`, version);
  add('        with:');
  add(
    '          persist-credentials: false',
    'The token does not stay in the checkout, where later steps could read it.',
  );
  for (const { text: line, note } of templateSteps[template]) add(`      ${line}`, note);
  add('      - name: Keep what a failure left behind');
  add('        if: failure()', 'Only when a step failed.');
  add(
    `        uses: ${pinned(uploadArtifact)}`,
    subject.isServer
      ? 'An Enterprise Server may know only version 3 of this action; use that there.'
      : undefined,
  );
  add('        with:');
  add(
    `          name: failure-\${{ github.run_id }}-\${{ github.run_attempt }}`,
    'Another name for every attempt.',
  );
  add('          path: |');
  add('            **/*.log', 'What to keep: logs, screenshots, reports.');
  add('            **/test-results/**');
  add('          if-no-files-found: ignore');
  add('          retention-days: 7', 'GitHub deletes it after a week.');
  return { path: `.github/workflows/${file}.yml`, yaml: text(), notes: notes(), phases: phases(subject) };
}
