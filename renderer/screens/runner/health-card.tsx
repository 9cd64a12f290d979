/** How a runner is: each check with its last result, and its restarts. */
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { formatAgo } from '../../../shared/format.ts';
import type { Health, HealthCheck, Runner } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import styles from './health-card.module.css';
import { checkLooks, healthSentence, restartSentence } from './health-words.ts';

export function HealthCard({ runner }: { runner: Runner }) {
  const health = useBoard((board) => board.health[runner.id]);
  const checks = health?.checks ?? [];
  return (
    <Card title="Health" actions={<CheckNow runner={runner} />}>
      <p className={styles.sentence}>{healthSentence(checks)}</p>
      {checks.length > 0 && (
        <ul className={styles.checks}>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ul>
      )}
      {health && <Restarts health={health} />}
    </Card>
  );
}

function CheckNow({ runner: { id, name } }: { runner: Runner }) {
  const client = useClient();
  const [checking, setChecking] = useState(false);
  const check = async (): Promise<void> => {
    setChecking(true);
    await runAction(() => client.runners.check({ runnerId: id }), `${name} is checked.`);
    setChecking(false);
  };
  return (
    <Button size="small" icon={RefreshCw} busy={checking} onClick={() => void check()}>
      Check now
    </Button>
  );
}

function CheckRow({ check: { title, status, detail, checkedAt } }: { check: HealthCheck }) {
  const now = useNow(5000);
  const { tone, shape, word } = checkLooks[status];
  return (
    <li className={styles.check}>
      <span className={`${styles.shape} ${styles[tone]}`}>
        <StateShape shape={shape} />
      </span>
      <p>
        {title} <span className={`${styles.word} ${styles[tone]}`}>{word}</span>
      </p>
      <span className={styles.age}>{formatAgo(now - checkedAt)}</span>
      <p className={styles.detail}>{detail}</p>
    </li>
  );
}

function Restarts({ health }: { health: Health }) {
  const sentence = restartSentence(health, useNow(5000));
  return sentence && <p className={styles.restarts}>{sentence}</p>;
}
