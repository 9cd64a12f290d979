import { expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';

test('a name with a value is an argument, one without a flag, whatever their case', () => {
  const line = readCommandLine(['configure', '--UNATTENDED', '--Url', 'http://a/b/c', '--replace'], {});
  expect(line.command).toBe('configure');
  expect(line.flag('unattended')).toBe(true);
  expect(line.flag('replace')).toBe(true);
  expect(line.flag('ephemeral')).toBe(false);
  expect(line.value('url')).toBe('http://a/b/c');
  expect(line.unknown).toEqual([]);
});

test('the first of two values wins, and a value is given once', () => {
  const line = readCommandLine(['configure', '--name', 'one', '--name', 'two'], {});
  expect(line.take('name')).toBe('one');
  expect(line.take('name')).toBeUndefined();
});

test('inputs come from the environment and are gone from it afterwards', () => {
  const environment: NodeJS.ProcessEnv = {
    ACTIONS_RUNNER_INPUT_TOKEN: ' SECRET ',
    actions_runner_input_ephemeral: 'True',
    ACTIONS_RUNNER_INPUT_NAME: '',
    ACTIONS_RUNNER_HOOK_JOB_STARTED: '/x',
  };
  const line = readCommandLine(['configure'], environment);
  expect(line.value('token')).toBe('SECRET');
  expect(line.flag('ephemeral')).toBe(true);
  expect(line.value('name')).toBeUndefined();
  expect(environment).toEqual({ ACTIONS_RUNNER_HOOK_JOB_STARTED: '/x' });
});

test('what is given on the command line comes before the environment', () => {
  const line = readCommandLine(['configure', '--name', 'mine'], { ACTIONS_RUNNER_INPUT_NAME: 'other' });
  expect(line.value('name')).toBe('mine');
});

test.each([
  [['configure', '--labls', 'x', '--unattended'], ['labls']],
  [['remove', '--local', '--url', 'x'], ['url']],
  [['run', '--once', '--jitconfig', 'abc', '--help'], []],
  [['dance', '--once'], ['dance']],
])('of %j it does not know %j', (args, unknown) => {
  expect(readCommandLine(args, {}).unknown).toEqual(unknown);
});
