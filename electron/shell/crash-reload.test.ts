import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { setupCrashReload } from './crash-reload.ts';

function setup() {
  const clock = createManualClock();
  const events = new EventEmitter();
  const seen: string[] = [];
  const contents = Object.assign(events, { reload: () => seen.push('reload') }) as unknown as WebContents;
  setupCrashReload(contents, clock, (reason) => seen.push(`gave up: ${reason}`));
  const crash = (reason: string): boolean => events.emit('render-process-gone', {}, { reason, exitCode: 1 });
  return { clock, seen, crash };
}

test('a page that dies is loaded again, three times within a minute', () => {
  const { seen, crash } = setup();
  for (let crashes = 0; crashes < 4; crashes++) crash('crashed');
  expect(seen).toEqual(['reload', 'reload', 'reload', 'gave up: crashed']);
});

test('a minute later it is loaded again', async () => {
  const { clock, seen, crash } = setup();
  for (let crashes = 0; crashes < 3; crashes++) crash('oom');
  await clock.advance(60_000);
  crash('oom');
  expect(seen).toEqual(['reload', 'reload', 'reload', 'reload']);
});

test('a page that ended in order is left alone', () => {
  const { seen, crash } = setup();
  crash('clean-exit');
  expect(seen).toEqual([]);
});
