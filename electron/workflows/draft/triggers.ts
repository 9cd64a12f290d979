/** When a drafted workflow runs: by hand first, by itself when that has proved itself. */
import type { WorkflowDraft, WorkflowDraftRequest } from '../../../shared/model.ts';
import { yamlScalar } from './yaml-words.ts';

export type Triggers = WorkflowDraftRequest['triggers'];

interface Repository {
  defaultBranch: string;
  isPublic: boolean;
}

export interface TriggerLine {
  text: string;
  note?: string;
}

/** The `on` of a workflow. Each choice has those before it as well. */
export function triggerLines(triggers: Triggers, { defaultBranch, isPublic }: Repository): TriggerLine[] {
  const lines: TriggerLine[] = [
    { text: 'on:' },
    { text: '  workflow_dispatch:', note: 'A person can start it, here or on GitHub.' },
  ];
  if (triggers === 'dispatch') return lines;
  lines.push(
    { text: '  push:' },
    {
      text: `    branches: [${yamlScalar(defaultBranch)}]`,
      note: 'Every push to the default branch starts it.',
    },
  );
  if (!isPublic) lines.push({ text: '  pull_request:', note: 'So does every change of a pull request.' });
  if (triggers === 'push') return lines;
  lines.push(
    { text: '  schedule:' },
    {
      text: "    - cron: '23 3 * * *'",
      note: 'Every night at 3:23 UTC; at full hours GitHub has most to start, and starts late.',
    },
  );
  return lines;
}

const blockOf = (triggers: Triggers, repository: Repository): string =>
  triggerLines(triggers, repository)
    .map(({ text }) => text)
    .join('\n');

/** The way from "by hand" to "by itself". */
export function phases(repository: Repository): WorkflowDraft['phases'] {
  const pulls = repository.isPublic
    ? 'Pull requests are left out: this repository is public, and those of strangers would run on your machine.'
    : 'Pull requests start it as well, so that what is wrong shows before it is merged.';
  return [
    {
      title: 'By hand',
      text: 'Start it a few times yourself. Nobody waits for it, and a mistake in its labels hangs one run only.',
      yaml: blockOf('dispatch', repository),
    },
    {
      title: 'On every change',
      text: `When it has been green a few times in a row, let pushes start it. ${pulls}`,
      yaml: blockOf('push', repository),
    },
    {
      title: 'Every night',
      text: 'When it runs well on changes, a nightly run finds what changes outside of the repository. A runner must be there at that hour.',
      yaml: blockOf('schedule', repository),
    },
  ];
}
