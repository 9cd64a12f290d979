import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { Notification } from '../../shared/model.ts';
import { type ShownNotification, setupNotifications } from './notifications.ts';

class Shown extends EventEmitter implements ShownNotification {
  title: string;
  isShown = false;
  constructor(title: string) {
    super();
    this.title = title;
  }
  show(): void {
    this.isShown = true;
  }
  close(): void {
    this.isShown = false;
    this.emit('close');
  }
}

async function setup(told: readonly Notification[], isSupported = true) {
  const created: Shown[] = [];
  const opened: string[] = [];
  let watched = 0;
  const ended = Promise.withResolvers<void>();
  setupNotifications({
    isSupported: () => isSupported,
    create({ title = '' }) {
      const one = new Shown(title);
      created.push(one);
      return one;
    },
    incidents: {
      async *watch() {
        watched += 1;
        yield* told;
        ended.resolve();
      },
    },
    open: (path) => opened.push(path),
    onFault: ended.reject,
  });
  if (isSupported) await ended.promise;
  return { created, opened, watched };
}

const gpu: Notification = { id: 'i1', kind: 'opened', title: 'a', body: 'b', path: '/queue?wait=w' };

test('each is shown; one of the same incident takes the place of the earlier', async () => {
  const other = { ...gpu, id: 'i2', title: 'c' };
  const over: Notification = { ...gpu, kind: 'resolved', title: 'over' };
  const { created } = await setup([gpu, other, over]);
  expect(created.map(({ title, isShown }) => [title, isShown])).toEqual([
    ['a', false],
    ['c', true],
    ['over', true],
  ]);
});

test('a press opens the panel where it leads', async () => {
  const { created, opened } = await setup([gpu]);
  created[0]?.emit('click');
  expect(opened).toEqual(['/queue?wait=w']);
});

test('a desktop that shows none is no door', async () => {
  expect((await setup([gpu], false)).watched).toBe(0);
});
