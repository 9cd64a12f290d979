/** The logs that are open now, by their ids. */
import { TracksideError } from '../../shared/errors.ts';
import { type LogFile, openLogFile } from './log-file.ts';

export interface Shelf {
  /** Opens a log, which stays on the shelf until it is closed; null when there is none yet. */
  open(path: string): Promise<LogFile | null>;
  /** @throws TracksideError UNKNOWN */
  get(id: string): LogFile;
}

/** @param idPrefix differs from that of every earlier engine: no client takes a log of it for one of these */
export function createShelf(idPrefix: string): Shelf {
  const logs = new Map<string, LogFile>();
  let opened = 0;
  return {
    async open(path) {
      opened += 1;
      const id = `${idPrefix}-${opened}`;
      const log = await openLogFile(id, path);
      if (!log) return null;
      const shelved: LogFile = {
        ...log,
        async close() {
          logs.delete(id);
          await log.close();
        },
      };
      logs.set(id, shelved);
      return shelved;
    },
    get(id) {
      const log = logs.get(id);
      if (log) return log;
      throw new TracksideError('UNKNOWN', 'This log is not open any more.', { remedy: 'Open it again.' });
    },
  };
}
