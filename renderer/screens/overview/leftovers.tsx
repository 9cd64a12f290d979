/** What is provably ours and should not be there any more. */
import { Brush } from 'lucide-react';
import { useState } from 'react';
import { formatAgo } from '../../../shared/format.ts';
import type { Leftover } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoardList, useClient } from '../../store/session.ts';
import styles from './leftovers.module.css';

const kinds: Record<Leftover['kind'], string> = {
  folder: 'Folder',
  registration: 'Registration',
  process: 'Process',
};

export function Leftovers() {
  const leftovers = useBoardList((board) => Object.values(board.leftovers));
  if (leftovers.length === 0) return null;
  return (
    <Card title="Left over" note="Trackside made these and no longer needs them">
      <ul>
        {leftovers.map((leftover) => (
          <LeftoverRow key={leftover.id} leftover={leftover} />
        ))}
      </ul>
    </Card>
  );
}

function LeftoverRow({ leftover }: { leftover: Leftover }) {
  const client = useClient();
  const now = useNow(10_000);
  const [working, setWorking] = useState(false);
  const cleanUp = async (): Promise<void> => {
    setWorking(true);
    await runAction(
      () => client.leftovers.cleanUp({ leftoverId: leftover.id }),
      `${leftover.name} is cleaned up.`,
    );
    setWorking(false);
  };
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p>
          <span className="muted">{kinds[leftover.kind]}</span> <strong>{leftover.name}</strong>
        </p>
        <p className="muted">
          {leftover.detail} Found {formatAgo(now - leftover.foundAt)}.
        </p>
      </div>
      <Button size="small" icon={Brush} busy={working} onClick={() => void cleanUp()}>
        Clean up
      </Button>
    </li>
  );
}
