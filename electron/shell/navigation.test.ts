import { EventEmitter } from 'node:events';
import type { HandlerDetails, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { setupNavigation } from './navigation.ts';

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];

function setup() {
  const events = new EventEmitter();
  const opened: string[] = [];
  const handlers: OpenHandler[] = [];
  const contents = Object.assign(events, {
    setWindowOpenHandler: (handler: OpenHandler) => handlers.push(handler),
  }) as unknown as WebContents;
  setupNavigation(
    contents,
    (address) => address.startsWith('https://github.com/'),
    async (address) => {
      opened.push(address);
    },
  );
  /** Emits the event and tells whether it was prevented. */
  const emit = (name: string, details: object = {}): boolean => {
    let prevented = false;
    events.emit(name, { ...details, preventDefault: () => (prevented = true) });
    return prevented;
  };
  const openWindow = (url: string) => handlers[0]?.({ url } as HandlerDetails);
  return { opened, emit, openWindow };
}

test('the window moves within its own page only', () => {
  const { emit, opened } = setup();
  expect(emit('will-navigate', { url: 'trackside://panel/index.html#/runners' })).toBe(false);
  expect(emit('will-navigate', { url: 'https://evil.example/' })).toBe(true);
  expect(emit('will-navigate', { url: 'file:///etc/passwd' })).toBe(true);
  expect(opened).toEqual([]);
});

test('a link to an allowed place opens outside, in place or in a new window', () => {
  const { emit, opened, openWindow } = setup();
  expect(emit('will-navigate', { url: 'https://github.com/o/r' })).toBe(true);
  expect(openWindow('https://github.com/settings')).toEqual({ action: 'deny' });
  expect(openWindow('https://evil.example/')).toEqual({ action: 'deny' });
  expect(opened).toEqual(['https://github.com/o/r', 'https://github.com/settings']);
});

test('redirects, frames and webviews are denied', () => {
  const { emit } = setup();
  expect(emit('will-redirect')).toBe(true);
  expect(emit('will-attach-webview')).toBe(true);
  expect(emit('will-frame-navigate', { isMainFrame: false })).toBe(true);
  expect(emit('will-frame-navigate', { isMainFrame: true })).toBe(false);
});
