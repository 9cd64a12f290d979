/** In place of the panel once its engine has ended as somebody wished: no fault, and the way to start it again. */
import { useEffect, useMemo } from 'react';
import { bridgeKey } from '../../shared/bridge.ts';
import type { QuitManner } from '../../shared/model.ts';
import { CodeBlock } from '../components/code.tsx';
import { useBoard, useBoardReader, useConnection } from '../store/session.ts';
import { rememberQuit, useAskedQuit } from './asked-quit.ts';
import styles from './ended-page.module.css';
import { Logo } from './logo.tsx';
import { atWork, endedWords } from './quit-words.ts';

/** How the engine ended, where it did so on purpose; null while it lives, and when it is lost without a word. */
export function useEnded(): QuitManner | null {
  const { state } = useConnection();
  const asked = useAskedQuit();
  const readBoard = useBoardReader();
  const told = readBoard()?.panel.quitting?.how ?? null;
  return state === 'lost' ? (asked ?? told) : null;
}

export function EndedPage({ how }: { how: QuitManner }) {
  const runners = useBoard((board) => board.runners);
  const demo = useBoard((board) => board.panel.demo);
  const work = useMemo(() => atWork(Object.values(runners)), [runners]);
  useEffect(() => {
    document.title = 'Ended · Trackside';
    return () => rememberQuit(null);
  }, []);
  return (
    <main className={styles.page}>
      <Logo size={40} />
      <h1>Trackside has ended</h1>
      <p>{endedWords(how, work)}</p>
      {bridgeKey in window ? (
        <p className="muted">Open it again like any other application.</p>
      ) : (
        <>
          <p className="muted">Start it again with</p>
          <CodeBlock className={styles.command} text={demo ? 'npm run demo' : 'npm start'} />
        </>
      )}
    </main>
  );
}
