import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createAdmission, linkLifetimeMs } from './admission.ts';

test('a token is good once', () => {
  const admission = createAdmission({ clock: createManualClock() });
  const token = admission.newToken();
  const session = admission.redeem(token);
  expect(session).not.toBeNull();
  expect(admission.isSignedIn(session ?? '')).toBe(true);
  expect(admission.redeem(token)).toBeNull();
});

test('tokens and sessions have 256 bits', () => {
  const admission = createAdmission({ clock: createManualClock() });
  const token = admission.newToken();
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(Buffer.from(admission.redeem(token) ?? '', 'base64url')).toHaveLength(32);
});

test('a token is good until ten minutes have passed, and then no more', async () => {
  const clock = createManualClock();
  const admission = createAdmission({ clock });
  const early = admission.newToken();
  await clock.advance(linkLifetimeMs - 1);
  expect(admission.redeem(early)).not.toBeNull();
  const late = admission.newToken();
  await clock.advance(linkLifetimeMs);
  expect(admission.redeem(late)).toBeNull();
});

test('a wrong token neither gets in nor spends the right one', () => {
  const admission = createAdmission({ clock: createManualClock() });
  const token = admission.newToken();
  expect(admission.redeem('')).toBeNull();
  expect(admission.redeem(`${token}x`)).toBeNull();
  expect(admission.redeem(token)).not.toBeNull();
});

test('a new token replaces the one before it', () => {
  const admission = createAdmission({ clock: createManualClock() });
  const first = admission.newToken();
  admission.newToken();
  expect(admission.redeem(first)).toBeNull();
});

test('the session signed in longest ago gives way to the thirty-third', () => {
  const admission = createAdmission({ clock: createManualClock() });
  const sessions = Array.from({ length: 33 }, () => admission.redeem(admission.newToken()) ?? '');
  expect(sessions.map((session) => admission.isSignedIn(session)).filter(Boolean)).toHaveLength(32);
  expect(admission.isSignedIn(sessions[0] ?? '')).toBe(false);
});
