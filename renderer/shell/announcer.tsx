/** Tells important changes to screen readers, politely and together. */
import { useEffect, useRef, useState } from 'react';
import type { Board } from '../../shared/board.ts';
import { useBoardReader, useBoardReady } from '../store/session.ts';
import { announcements } from './announcements.ts';

/** Changes within this time are told in one go. */
const gatherMs = 1500;

export function Announcer() {
  const ready = useBoardReady();
  const readBoard = useBoardReader();
  const told = useRef<Board | null>(null);
  const [words, setWords] = useState('');
  useEffect(() => {
    if (!ready) return;
    const timer = setInterval(() => {
      const board = readBoard();
      if (board === null) return;
      const news = told.current === null ? [] : announcements(told.current, board);
      told.current = board;
      if (news.length > 0) setWords(news.slice(0, 3).join(' '));
    }, gatherMs);
    return () => clearInterval(timer);
  }, [ready, readBoard]);
  return (
    <div className="visually-hidden" role="status">
      {words}
    </div>
  );
}
