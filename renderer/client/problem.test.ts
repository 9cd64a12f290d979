import { ORPCError } from '@orpc/client';
import { expect, test } from 'vitest';
import { ConnectionLostError } from './connection.ts';
import { problemOf } from './problem.ts';

test('a named error keeps its sentence, remedy and field', () => {
  const error = new ORPCError('INVALID_REQUEST', {
    message: 'There cannot be 0 runners.',
    data: { remedy: 'Choose 1 to 200.', field: 'count' },
  });
  expect(problemOf(error)).toEqual({
    code: 'INVALID_REQUEST',
    message: 'There cannot be 0 runners.',
    remedy: 'Choose 1 to 200.',
    field: 'count',
  });
});

test('a lost connection says whether the call had been sent', () => {
  expect(problemOf(new ConnectionLostError(false))).toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringContaining('was not done'),
  });
  expect(problemOf(new ConnectionLostError(true))).toMatchObject({
    message: expect.stringContaining('may or may not'),
    remedy: expect.stringContaining('Look whether'),
  });
});

test('anything else is a fault with its own words', () => {
  expect(problemOf(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'A fault.' }))).toEqual({
    code: 'FAULT',
    message: 'A fault.',
    remedy: null,
    field: null,
  });
  expect(problemOf('odd')).toMatchObject({ code: 'FAULT', message: 'odd' });
});
