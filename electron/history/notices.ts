/** Notices: what a person should know, and can put away. They survive a restart until then. */
import { randomUUID } from 'node:crypto';
import { TracksideError } from '../../shared/errors.ts';
import type { Notice } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';
import type { Records } from '../platform/records.ts';

export interface Notices {
  /** @param notice `id`: a name of its own, so that the same trouble is told once; by default it always is told */
  add(notice: Pick<Notice, 'kind' | 'message' | 'remedy'> & { id?: string }): void;
  /** @throws TracksideError UNKNOWN when it was put away already */
  dismiss(noticeId: string): Promise<void>;
}

/** Shows the notices of earlier on the board. */
export function createNotices(options: {
  records: Records<Notice>;
  board: BoardPublisher;
  clock: Clock;
  onFault(error: unknown): void;
}): Notices {
  const { records, board, clock, onFault } = options;
  for (const notice of records.all()) board.set('notices', notice.id, notice);
  return {
    add({ id = randomUUID(), kind, message, remedy }) {
      const notice: Notice = { id, kind, at: clock.now(), message, remedy };
      board.set('notices', id, notice);
      // On a full disk it is shown all the same, and written when there is room.
      records.put(notice).catch((error: unknown) => {
        if (!isDiskFull(error)) onFault(error);
      });
    },
    async dismiss(noticeId) {
      if (!records.get(noticeId)) {
        throw new TracksideError('UNKNOWN', 'This notice was put away already.', {
          remedy: 'Nothing is left to do.',
        });
      }
      await records.delete(noticeId);
      board.delete('notices', noticeId);
    },
  };
}
