/** What a new workflow is to be: what the form starts with, what is wrong with it, what is sent. */
import type { TracksideClient } from '../../client/client.ts';
import type { RadioChoice } from '../../components/choice.tsx';

export type DraftRequest = Parameters<TracksideClient['workflows']['draft']>[0];

export interface DraftForm extends Omit<DraftRequest, 'repositoryId' | 'timeoutMinutes'> {
  /** As typed. */
  timeout: string;
}

/** @param labels those that a workflow can ask for */
export function initialForm(labels: readonly string[]): DraftForm {
  const first = labels.find((label) => label.toLowerCase() === 'self-hosted') ?? labels[0];
  return {
    name: 'Build',
    labels: first === undefined ? [] : [first],
    template: 'shell',
    triggers: 'dispatch',
    timeout: '30',
  };
}

const longestTimeoutMinutes = 7200;

/** By field; empty when a draft can be asked for. */
export function formProblems(form: DraftForm): Partial<Record<'name' | 'labels' | 'timeout', string>> {
  const minutes = Number(form.timeout);
  const fits = Number.isInteger(minutes) && minutes >= 1 && minutes <= longestTimeoutMinutes;
  return {
    ...(form.name.trim() === '' && { name: 'Give it a name.' }),
    ...(form.labels.length === 0 && {
      labels: 'Choose at least one label: without, no runner takes its jobs.',
    }),
    ...(!fits && { timeout: `It takes whole minutes from 1 to ${longestTimeoutMinutes}.` }),
  };
}

/** Null while something is wrong. */
export function draftRequest(repositoryId: string, form: DraftForm): DraftRequest | null {
  if (Object.keys(formProblems(form)).length > 0) return null;
  const { timeout, name, ...rest } = form;
  return { ...rest, repositoryId, name: name.trim(), timeoutMinutes: Number(timeout) };
}

export const templates: readonly RadioChoice<DraftRequest['template']>[] = [
  { value: 'shell', title: 'Shell', detail: 'Commands of your own' },
  { value: 'node', title: 'Node.js', detail: 'npm ci, npm test' },
  { value: 'python', title: 'Python', detail: 'pip, pytest' },
  { value: 'go', title: 'Go', detail: 'go build, go test' },
  { value: 'rust', title: 'Rust', detail: 'cargo build, cargo test' },
  { value: 'container', title: 'Container', detail: 'Builds an image' },
];

export const triggers: readonly RadioChoice<DraftRequest['triggers']>[] = [
  {
    value: 'dispatch',
    title: '1. By hand',
    detail: 'Nothing starts it but you. Begin here, until it works.',
  },
  {
    value: 'push',
    title: '2. On pushes as well',
    detail: 'And on pull requests from the repository itself. Every push then takes a runner.',
  },
  {
    value: 'schedule',
    title: '3. Every night as well',
    detail: 'Also without a change, for what should not rot.',
  },
];
