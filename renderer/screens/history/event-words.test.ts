import { expect, test } from 'vitest';
import { verdictRow } from '../../testing/rows.ts';
import { eventLook, isToldByItsJob, shiftLook } from './event-words.ts';

test.each([
  ['a runner that listens', { kind: 'runner', to: 'idle' }, { tone: 'idle', word: 'Idle' }],
  ['a runner that failed', { kind: 'runner', to: 'failed' }, { tone: 'fail', shape: 'triangle' }],
  ['a runner that is gone', { kind: 'runner', to: 'removed' }, { tone: 'off', word: 'removed' }],
  ['a job that failed', { kind: 'job', to: 'Failed' }, { tone: 'fail', word: 'failed' }],
  ['a job that was lost', { kind: 'job', to: 'Lost' }, { tone: 'wait', word: 'lost with its runner' }],
  ['a pool', { kind: 'pool', to: '3' }, { tone: 'off', word: '3' }],
  ['something that only its sentence tells', { kind: 'host', to: null }, { shape: 'disc', word: '' }],
] as const)('%s', (_name, event, look) => {
  expect(eventLook(event)).toMatchObject(look);
});

test('a lost job looks unlike a failed one in shape, tone and word', () => {
  const failed = shiftLook({ result: 'Failed', endedAt: 1, verdict: null });
  const lost = shiftLook({ result: 'Failed', endedAt: 1, verdict: verdictRow() });
  expect(lost.tone).not.toBe(failed.tone);
  expect(lost.shape).not.toBe(failed.shape);
  expect(lost.word).toBe('lost with its runner');
});

test('a runner that takes or ends a job says nothing that the job does not say', () => {
  const told = (from: string, to: string) => isToldByItsJob({ kind: 'runner', from, to });
  expect([told('idle', 'busy'), told('busy', 'idle')]).toEqual([true, true]);
  expect([told('starting', 'idle'), told('busy', 'failed')]).toEqual([false, false]);
  expect(isToldByItsJob({ kind: 'job', from: null, to: 'busy' })).toBe(false);
});
