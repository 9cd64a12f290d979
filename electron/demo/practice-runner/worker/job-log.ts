/** The log of a job: stamped lines, masked secrets, live pieces on disk, uploads as it grows. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { logTime } from '../text.ts';

/** How often new lines are sent while a step runs. */
const uploadPeriodMs = 1000;

export interface JobLog {
  /** Adds lines to the log of the present step. */
  write(text: string): void;
  /** Hides a value from here on. */
  mask(value: string): void;
  /** Begins the piece of another step: `_diag/pages/<timeline>_<record>_1.log`. */
  beginPiece(recordId: string): void;
  /** Sends what is left of the present piece and deletes it, as the vendor's worker does. */
  endPiece(): Promise<void>;
  dispose(): void;
}

export function createJobLog(options: {
  root: string;
  timelineId: string;
  secrets: readonly string[];
  upload(text: string): Promise<void>;
}): JobLog {
  const { root, timelineId, upload } = options;
  const folder = join(root, '_diag', 'pages');
  mkdirSync(folder, { recursive: true });
  const secrets = new Set(options.secrets.filter((secret) => secret.length > 0));
  let piece: string | null = null;
  let waiting = '';
  let sending: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    const text = waiting;
    waiting = '';
    if (text) sending = sending.then(() => upload(text)).catch(() => {});
    return sending;
  };
  const timer = setInterval(flush, uploadPeriodMs);
  const hide = (line: string): string => {
    let hidden = line;
    for (const secret of secrets) hidden = hidden.replaceAll(secret, '***');
    return hidden;
  };
  return {
    write(text) {
      const at = logTime(new Date());
      const lines = text.split('\n').map((line) => `${at} ${hide(line.replace(/\r$/, ''))}\n`).join('');
      waiting += lines;
      if (piece) appendFileSync(piece, lines);
    },
    mask: (value) => void (value && secrets.add(value)),
    beginPiece(recordId) {
      piece = join(folder, `${timelineId}_${recordId}_1.log`);
    },
    async endPiece() {
      const ended = piece;
      piece = null;
      await flush();
      if (ended) rmSync(ended, { force: true });
    },
    dispose: () => clearInterval(timer),
  };
}
