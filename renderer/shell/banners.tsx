/** Strips above the screen: that it ends, that this is the demo, that the engine is out of reach, what is to be known. */
import { FlaskConical, Unplug } from 'lucide-react';
import { formatTimeOfDay } from '../../shared/format.ts';
import { Button } from '../components/button.tsx';
import { useBoard, useBoardReady, useConnection } from '../store/session.ts';
import styles from './banners.module.css';
import { Notices } from './notices.tsx';
import { QuittingBanner } from './quitting-banner.tsx';

export function Banners() {
  const ready = useBoardReady();
  return (
    <>
      {ready && <QuittingBanner />}
      {ready && <DemoBanner />}
      <ConnectionBanner />
      {ready && <Notices />}
    </>
  );
}

function DemoBanner() {
  const demo = useBoard(
    (board) => board.panel.demo || Object.values(board.connections).some((connection) => connection.demo),
  );
  const onlyDemo = useBoard((board) =>
    Object.values(board.connections).every((connection) => connection.demo),
  );
  if (!demo) return null;
  return (
    <aside className={styles.demo} aria-label="Demo">
      <FlaskConical aria-hidden="true" />
      <p>
        <strong>Demo.</strong> The runners and their jobs are real processes here; GitHub is simulated.
      </p>
      {onlyDemo && <a href="#/connect">Connect your own repository</a>}
    </aside>
  );
}

function ConnectionBanner() {
  const { state, heardAt, reconnect } = useConnection();
  const words = connectionWords(state, heardAt);
  return (
    <div role="status">
      {words && (
        <div className={styles.lost}>
          <Unplug aria-hidden="true" />
          <p>{words}</p>
          {state === 'lost' && (
            <Button size="small" onClick={reconnect}>
              Try now
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function connectionWords(state: string, heardAt: number | null): string | null {
  if (state === 'lost') {
    const asOf = heardAt === null ? '' : ` What you see is from ${formatTimeOfDay(heardAt)}.`;
    return `Trackside does not answer.${asOf} Runners and jobs go on without it; the panel keeps trying.`;
  }
  if (state === 'signed-out') {
    return 'This browser is no longer signed in. Press Enter in the terminal where Trackside runs and open the new link.';
  }
  return null;
}
