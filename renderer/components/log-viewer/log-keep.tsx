/** Takes a log along: to the clipboard where it is short, else as a file. */
import { Download, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { IconButton } from '../button.tsx';
import { CopyButton } from '../code.tsx';
import styles from './log-toolbar.module.css';
import type { FollowedLog } from './use-log.ts';
import { eachPiece, type FetchLines, fileNameOf, plainText } from './whole-log.ts';

/** Longer logs are kept as a file: a clipboard of any size freezes what it is pasted to. */
const mostCopiedBytes = 4 * 1000 ** 2;

export function LogKeep({ log, title }: { log: FollowedLog; title: string }) {
  const client = useClient();
  const { logId, lines, bytes } = log;
  const [saved, setSaved] = useState<number | null>(null);
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);
  const fetch: FetchLines = async (from, count) => (await client.logs.lines({ logId, from, count })).lines;

  const copied = async (): Promise<string> => {
    const texts: string[] = [];
    const take = (piece: string[]): void => void texts.push(...piece.map(plainText));
    await eachPiece(fetch, lines, take, new AbortController().signal);
    return `${texts.join('\n')}\n`;
  };
  const save = async (): Promise<void> => {
    const abort = new AbortController();
    ending.current = abort;
    setSaved(0);
    // Pieces that the browser may put aside: a log of any size is never one text in memory.
    const parts: Blob[] = [];
    const take = (piece: string[], before: number): void => {
      parts.push(new Blob([`${piece.join('\n')}\n`]));
      setSaved((before + piece.length) / lines);
    };
    try {
      await eachPiece(fetch, lines, take, abort.signal);
      saveAs(fileNameOf(title), new Blob(parts, { type: 'text/plain' }));
    } catch (error) {
      if (abort.signal.aborted) return;
      const { message, remedy } = problemOf(error);
      showToast({ message: `The log could not be saved. ${message}`, tone: 'failed', remedy });
    } finally {
      setSaved(null);
    }
  };

  if (saved !== null) {
    return (
      <>
        <span className={styles.saving} role="status">
          Saving {Math.floor(saved * 100)} %
        </span>
        <IconButton icon={X} label="Stop saving" size="small" onClick={() => ending.current?.abort()} />
      </>
    );
  }
  return (
    <>
      {bytes <= mostCopiedBytes && <CopyButton text={copied} label="Copy the log" />}
      <IconButton
        icon={Download}
        label="Save the log as a file"
        size="small"
        disabled={lines === 0}
        onClick={() => void save()}
      />
    </>
  );
}

function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
