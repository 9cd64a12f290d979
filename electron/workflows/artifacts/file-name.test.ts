import { expect, test } from 'vitest';
import { numbered, safeFileName } from './file-name.ts';

test.each([
  ['report', 'report'],
  ['Bericht für alle', 'Bericht für alle'],
  ['../../etc/passwd', '-..-etc-passwd'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a-b-c-d-e-f-g-h-i-j'],
  ['CON', '-'],
  ['nul.txt', '-'],
  ['.ssh', 'ssh'],
  ['..', '-'],
  ['report\u202egpj.exe', 'reportgpj.exe'],
  ['line\nfeed\0', 'line-feed-'],
  ['ends with dots...', 'ends with dots-'],
  ['', 'artifact-7'],
  ['...', '-'],
])('%j becomes %j', (name, safe) => {
  expect(safeFileName(name, 'artifact-7')).toBe(safe);
});

test('a name that is too long is cut between its characters', () => {
  const name = safeFileName('ü'.repeat(300), 'x');
  expect(name).toBe('ü'.repeat(100));
});

test.each([
  ['a.zip', 1, 'a.zip'],
  ['a.zip', 2, 'a (2).zip'],
  ['a.tar.gz', 3, 'a.tar (3).gz'],
  ['plain', 2, 'plain (2)'],
])('%s as number %i is %s', (name, number, expected) => {
  expect(numbered(name, number)).toBe(expected);
});
