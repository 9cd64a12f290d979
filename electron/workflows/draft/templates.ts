/** The steps of drafts: what a job of each kind does between its checkout and what it keeps of a failure. */
import type { WorkflowDraftRequest } from '../../../shared/model.ts';
import { pinned, pinnedActions } from './pinned-actions.ts';
import type { TriggerLine as Line } from './triggers.ts';

export type Template = WorkflowDraftRequest['template'];

const step = (name: string, lines: readonly string[], note?: string): Line[] => [
  { text: `- name: ${name}`, note },
  ...(lines.length === 1
    ? [{ text: `  run: ${lines[0]}` }]
    : [{ text: '  run: |' }, ...lines.map((line) => ({ text: `    ${line}` }))]),
];

const setup = (
  name: string,
  action: (typeof pinnedActions)[keyof typeof pinnedActions],
  facts: readonly string[],
  note: string,
): Line[] => [
  { text: `- name: ${name}` },
  { text: `  uses: ${pinned(action)}`, note },
  { text: '  with:' },
  ...facts.map((fact) => ({ text: `    ${fact}` })),
];

/** Indented as the items of `steps` are, from their dash. */
export const templateSteps: Readonly<Record<Template, readonly Line[]>> = {
  shell: [
    ...step('Look around', ['echo "This is $RUNNER_NAME, a $(uname -sm)."', 'ls -la']),
    ...step(
      'Build and test',
      ["echo 'Write your own commands here.'"],
      'Yours to change: any command of a shell.',
    ),
  ],
  node: [
    ...setup(
      'Set up Node',
      pinnedActions.setupNode,
      ['node-version: 24', 'package-manager-cache: false'],
      'Without a cache on the forge: what a runner of your own keeps is nearer.',
    ),
    ...step('Install', ['npm ci'], 'Exactly what package-lock.json says.'),
    ...step('Test', ['npm test']),
  ],
  python: [
    ...setup(
      'Set up Python',
      pinnedActions.setupPython,
      ["python-version: '3.14'"],
      'In quotes: 3.10 would be read as 3.1.',
    ),
    ...step(
      'Install',
      ['python -m venv .venv', '.venv/bin/python -m pip install -r requirements.txt'],
      'In a folder of its own: nothing is left behind on the runner.',
    ),
    ...step('Test', ['.venv/bin/python -m pytest']),
  ],
  go: [
    ...setup(
      'Set up Go',
      pinnedActions.setupGo,
      ['go-version-file: go.mod', 'cache: false'],
      'The version that go.mod names.',
    ),
    ...step('Build', ['go build ./...']),
    ...step('Test', ['go test ./...']),
  ],
  rust: [
    ...step(
      'Set up Rust',
      ['rustup toolchain install stable --profile minimal', 'rustup default stable'],
      'Takes rustup on the runner; hosted ones have it.',
    ),
    ...step('Build', ['cargo build --locked']),
    ...step('Test', ['cargo test --locked']),
  ],
  container: [
    ...step(
      'Build the image',
      ['docker build --tag "draft:$GITHUB_SHA" .'],
      'Takes Docker on the runner, and a Dockerfile in the repository.',
    ),
    ...step('Test', ['docker run --rm "draft:$GITHUB_SHA"']),
    {
      text: '- name: Remove the image',
      note: 'Else the disk of the runner fills with the images of all runs.',
    },
    { text: '  if: always()' },
    { text: '  run: docker image rm --force "draft:$GITHUB_SHA"' },
  ],
};
