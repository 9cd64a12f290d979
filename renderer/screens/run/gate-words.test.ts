import { expect, test } from 'vitest';
import { type Gate, gateWords } from './gate-words.ts';

const gate: Gate = { environment: 'production', reviewers: [], canApprove: false, waitsUntil: null };

test.each<[Partial<Gate>, string]>([
  [{}, 'A rule of the environment holds it.'],
  [{ waitsUntil: 75_000 }, 'Its wait timer goes on for 1:05.'],
  [{ waitsUntil: 9000 }, 'Its wait timer has come to its end.'],
  [{ reviewers: ['octo'], canApprove: true }, 'You may approve it.'],
  [{ reviewers: ['octo', 'mona'], canApprove: true }, 'You may approve it, and so may mona.'],
  [
    { reviewers: ['mona', 'web'], waitsUntil: 75_000 },
    'It has to be approved by mona and web; this token’s owner may not. Its wait timer goes on for 1:05.',
  ],
  [{ reviewers: ['octo'] }, 'Somebody else has to approve it.'],
])('who may let it go on: %j', (part, words) => {
  expect(gateWords({ ...gate, ...part }, 'octo', 10_000)).toBe(words);
});
