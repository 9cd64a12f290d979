import { expect, test } from 'vitest';
import type { Notification } from '../../shared/model.ts';
import type { TracksideClient } from './client.ts';
import { watchNotifications } from './watch-notifications.ts';

const told = (id: string): Notification => ({ id, kind: 'opened', title: id, body: '', path: '/queue' });

/** A client whose n-th subscription yields the n-th list and then fails when it is an error, else stays open. */
function scripted(streams: (Notification | Error)[][]) {
  const asked: AbortSignal[] = [];
  async function* stream(signal: AbortSignal) {
    const items = streams[asked.push(signal) - 1] ?? [];
    for (const item of items) {
      if (item instanceof Error) throw item;
      yield item;
    }
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
  const watch = async (_input: unknown, { signal }: { signal: AbortSignal }) => stream(signal);
  return { asked, client: { notifications: { watch } } as unknown as Pick<TracksideClient, 'notifications'> };
}

test('each is told; a stream that broke is asked for again', async () => {
  const { asked, client } = scripted([[told('a'), new Error('lost')], [told('b')]]);
  const seen = await new Promise<string[]>((resolve) => {
    const ids: string[] = [];
    const stop = watchNotifications(
      client,
      ({ id }) => {
        ids.push(id);
        if (ids.length < 2) return;
        stop();
        resolve(ids);
      },
      (_delayMs, callback) => callback(),
    );
  });
  expect(seen).toEqual(['a', 'b']);
  expect(asked.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test('after its end nothing is taken any more', async () => {
  const { asked, client } = scripted([[told('a')]]);
  const seen: string[] = [];
  watchNotifications(client, ({ id }) => seen.push(id))();
  await Promise.resolve();
  expect(seen).toEqual([]);
  expect(asked.length).toBeLessThan(2);
});
