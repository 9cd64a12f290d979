import { expect, test } from 'vitest';
import { readRepositoryName } from './repository-name.ts';

test.each([
  ['', null],
  ['octo/forge', 'octo/forge'],
  [' octo/forge ', 'octo/forge'],
  ['octo/forge/', 'octo/forge'],
  ['https://github.com/octo/forge', 'octo/forge'],
  ['https://github.com/octo/forge/settings/actions?x=1', 'octo/forge'],
  ['https://github.com/octo/forge.git', 'octo/forge'],
  ['git@github.com:octo/forge.git', 'octo/forge'],
  ['ssh://git@github.com/octo/forge.git', 'octo/forge'],
  ['octo/.github', 'octo/.github'],
])('reads %j', (text, fullName) => {
  expect(readRepositoryName(text)).toEqual({ ok: true, fullName });
});

test.each([
  ['octo', '“octo” lacks a part. Write it as owner/name, for example octo/forge.'],
  ['octo/', '“octo/” lacks a part. Write it as owner/name, for example octo/forge.'],
  ['octo/forge/more', "“octo/forge/more” is not a repository's name. Write it as owner/name."],
  ['octo/my forge', "“octo/my forge” is not a repository's name. Write it as owner/name."],
  ['octo/..', "“octo/..” is not a repository's name. Write it as owner/name."],
])('refuses %j', (text, problem) => {
  expect(readRepositoryName(text)).toEqual({ ok: false, problem });
});
