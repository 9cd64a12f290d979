import type { Session } from 'electron';
import { expect, test } from 'vitest';
import { setupPermissions } from './permissions.ts';

type Handlers = {
  request: Parameters<Session['setPermissionRequestHandler']>[0];
  check: Parameters<Session['setPermissionCheckHandler']>[0];
  device: Parameters<Session['setDevicePermissionHandler']>[0];
};

function handlers(): Handlers {
  const set: Handlers = { request: null, check: null, device: null };
  setupPermissions({
    setPermissionRequestHandler: (handler) => void Object.assign(set, { request: handler }),
    setPermissionCheckHandler: (handler) => void Object.assign(set, { check: handler }),
    setDevicePermissionHandler: (handler) => void Object.assign(set, { device: handler }),
  });
  return set;
}

test.each([
  ['clipboard-sanitized-write', true],
  ['clipboard-read', false],
  ['media', false],
  ['geolocation', false],
  ['notifications', false],
  ['fileSystem', false],
] as const)('%s is allowed: %s', (permission, expected) => {
  const { request, check } = handlers();
  const decided: boolean[] = [];
  const [contents, details] = [undefined as never, undefined as never];
  request?.(contents, permission as 'media', (granted) => decided.push(granted), details);
  expect(decided).toEqual([expected]);
  expect(check?.(null, permission as 'media', 'trackside://panel', details)).toBe(expected);
});

test('no device is given to the page', () => {
  expect(handlers().device?.({ deviceType: 'usb' } as never)).toBe(false);
});
