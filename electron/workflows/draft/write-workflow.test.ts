import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { workflowDraftRequestSchema } from '../../../shared/model.ts';
import { checkWorkflow } from '../check/check.ts';
import type { CheckWorld } from '../check/check-job.ts';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import { foreign, linux, world } from '../queue/testing.ts';
import { fileNameOf, writeWorkflow } from './write-workflow.ts';

const subject = { defaultBranch: 'main', isPublic: false, isServer: false };
const { template, triggers } = workflowDraftRequestSchema.shape;
const usual = { name: 'Build', labels: ['self-hosted', 'gpu'], timeoutMinutes: 30 };
const here: CheckWorld = { ...world({ runners: [foreign('gpu-1', [...linux, 'gpu'])] }), groups: null };

const every = template.options.flatMap((kind) => triggers.options.map((when) => [kind, when] as const));

test.each(every)(
  'the draft for %s, started by %s, is sound, careful, and taken by a runner',
  (kind, when) => {
    const { path, yaml, notes } = writeWorkflow({ ...usual, template: kind, triggers: when }, subject);
    const parsed = parseWorkflowFile(yaml);
    expect(path).toBe('.github/workflows/build.yml');
    expect(parsed).toMatchObject({
      name: 'Build',
      inputs: [],
      problems: [],
      concurrency: `build-\${{ github.ref }}`,
    });
    const checked = checkWorkflow({ path, text: yaml, url: null }, here);
    expect(checked.jobs).toMatchObject([{ verdict: 'ours', sentence: 'gpu-1 takes it.' }]);
    const workflow = parse(yaml);
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.jobs.build['timeout-minutes']).toBe(30);
    const uses: string[] = workflow.jobs.build.steps.flatMap((step: { uses?: string }) => step.uses ?? []);
    expect(uses.length).toBeGreaterThanOrEqual(2);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
    for (const line of yaml.split('\n').filter((text) => text.includes('uses:'))) {
      expect(line).toMatch(/ # v\d+\.\d+\.\d+$/);
    }
    expect(workflow.jobs.build.steps.at(-1)).toMatchObject({ if: 'failure()' });
    expect(Object.keys(workflow.on)).toEqual(
      ['workflow_dispatch', 'push', 'pull_request', 'schedule'].slice(
        0,
        { dispatch: 1, push: 3, schedule: 4 }[when],
      ),
    );
    expect(new Set(notes.map(({ line }) => line)).size).toBe(notes.length);
    const lines = yaml.split('\n');
    for (const { line } of notes) expect(lines[line - 1]?.trim()).not.toBe('');
  },
);

test('the notes stand beside what they are about', () => {
  const { yaml, notes } = writeWorkflow({ ...usual, template: 'node', triggers: 'schedule' }, subject);
  const lines = yaml.split('\n');
  const beside = (words: RegExp) =>
    lines[(notes.find(({ text }) => words.test(text))?.line ?? 0) - 1]?.trim();
  expect(beside(/3:23 UTC/)).toBe("- cron: '23 3 * * *'");
  expect(beside(/all of these labels/)).toBe('runs-on: [self-hosted, gpu]');
  expect(beside(/ends after 30 minutes/)).toBe('timeout-minutes: 30');
  expect(beside(/package-lock/)).toBe('- name: Install');
});

test('the way goes from by hand to by itself, and leaves strangers out of a public repository', () => {
  const of = (isPublic: boolean) =>
    writeWorkflow({ ...usual, template: 'shell', triggers: 'push' }, { ...subject, isPublic });
  expect(of(false).phases.map(({ title }) => title)).toEqual(['By hand', 'On every change', 'Every night']);
  expect(of(false).phases.map(({ yaml }) => Object.keys(parse(yaml).on))).toEqual([
    ['workflow_dispatch'],
    ['workflow_dispatch', 'push', 'pull_request'],
    ['workflow_dispatch', 'push', 'pull_request', 'schedule'],
  ]);
  expect(of(true).yaml).not.toContain('pull_request');
  expect(of(true).phases[1]?.text).toMatch(/those of strangers would run on your machine/);
});

test.each([
  ['on: push\njobs: {}'],
  ['a: b # c'],
  ['"quoted" \'twice\''],
  ['- [x]'],
  [`\${{ secrets.X }}`],
  ['true'],
  ['0x10'],
  ['Bau & Prüfung'],
  ['*alias'],
])('what a person typed stays words: %j', (word) => {
  const labels = ['self-hosted', word];
  const branch = { ...subject, defaultBranch: word };
  const { yaml } = writeWorkflow(
    { ...usual, name: word, labels, template: 'shell', triggers: 'push' },
    branch,
  );
  const workflow = parse(yaml);
  expect(workflow.name).toBe(word);
  expect(workflow.jobs.build['runs-on']).toEqual(labels);
  expect(workflow.on.push.branches).toEqual([word]);
});

test.each([
  ['Build and Test!', 'build-and-test'],
  ['../../etc/passwd', 'etc-passwd'],
  ['Prüfung', 'prufung'],
  ['試験', 'workflow'],
  ['x'.repeat(200), 'x'.repeat(60)],
])('the file of %j is called %s', (name, file) => {
  expect(fileNameOf(name)).toBe(file);
});
