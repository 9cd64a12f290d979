/** Leftovers, each with a way to clean it up. */
import { Brush } from 'lucide-react';
import { useState } from 'react';
import type { Leftover } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import styles from './left-behind.module.css';
import { leftoverWords } from './left-behind.ts';

const kinds: Record<Leftover['kind'], string> = {
  folder: 'Folder',
  registration: 'Registration',
  process: 'Process',
};

export function LeftoverList({ leftovers }: { leftovers: readonly Leftover[] }) {
  return (
    <ul>
      {leftovers.map((leftover) => (
        <LeftoverRow key={leftover.id} leftover={leftover} />
      ))}
    </ul>
  );
}

function LeftoverRow({ leftover }: { leftover: Leftover }) {
  const client = useClient();
  const now = useNow(10_000);
  const [working, setWorking] = useState(false);
  const { id, name, kind } = leftover;
  const cleanUp = async (): Promise<void> => {
    setWorking(true);
    await runAction(() => client.leftovers.cleanUp({ leftoverId: id }), `${name} is cleaned up.`);
    setWorking(false);
  };
  return (
    <li className={styles.leftover}>
      <div className={styles.words}>
        <p>
          <span className="muted">{kinds[kind]}</span> <strong>{name}</strong>
        </p>
        <p className={styles.detail}>{leftoverWords(leftover, now)}</p>
      </div>
      <Button size="small" icon={Brush} busy={working} onClick={() => void cleanUp()}>
        Clean up
      </Button>
    </li>
  );
}
