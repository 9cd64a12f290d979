/** What is provably ours and no longer needed: registrations on the forge, folders and processes here. */
import { CircleCheck, RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { formatCount } from '../../../shared/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { GhostTable } from './ghost-table.tsx';
import styles from './left-behind.module.css';
import { LeftoverList } from './leftover-list.tsx';

/** An address that ends so leads to this part of the list. */
const shownBy = 'left-behind';

export function LeftBehind() {
  const ghosts = useBoardList((board) =>
    Object.values(board.ghosts).sort((a, b) => a.name.localeCompare(b.name)),
  );
  const leftovers = useBoardList((board) => Object.values(board.leftovers));
  const connected = useBoard((board) => Object.values(board.connections).some(({ usable }) => usable));
  const asked = new URLSearchParams(useSearch()).get('show') === shownBy;
  const onForge = leftovers.filter(({ kind }) => kind === 'registration');
  const here = leftovers.filter(({ kind }) => kind !== 'registration');
  const registrations = ghosts.length + onForge.length;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked) place.current?.scrollIntoView({ block: 'nearest' });
  }, [asked]);
  if (!connected && registrations + here.length === 0) return null;
  return (
    <div className={styles.place} ref={place}>
      {registrations === 0 ? (
        <div className={styles.nothing}>
          <CircleCheck aria-hidden="true" />
          <span>No runner of yours is left on GitHub without one here.</span>
          {connected && <LookAgain />}
        </div>
      ) : (
        <Card
          title="Left on GitHub"
          note={`${formatCount(registrations, 'registration')} of runners that no longer exist here`}
          actions={<LookAgain />}
        >
          {ghosts.length > 0 && <GhostTable ghosts={ghosts} />}
          {onForge.length > 0 && <LeftoverList leftovers={onForge} />}
        </Card>
      )}
      {here.length > 0 && (
        <Card title="Left on this machine" note="Trackside made these and no longer needs them">
          <LeftoverList leftovers={here} />
        </Card>
      )}
    </div>
  );
}

function LookAgain() {
  const client = useClient();
  const [looking, setLooking] = useState(false);
  const look = async (): Promise<void> => {
    setLooking(true);
    await runAction(() => client.ghosts.scan({}), 'Looked on GitHub again; nothing was removed.');
    setLooking(false);
  };
  return (
    <Button size="small" kind="quiet" icon={RefreshCw} busy={looking} onClick={() => void look()}>
      Look again
    </Button>
  );
}
