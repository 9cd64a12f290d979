/** Changes how a pool lives: the wizard's own fields, and below them what the change will do. */
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Pool, Runner } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Card, CardBody } from '../../components/card.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { SizeChoice } from '../deploy/size-choice.tsx';
import { consequences } from './consequences.ts';
import { changeOf, type PoolDraft, poolDraftOf, readPoolDraft } from './pool-draft.ts';
import styles from './pool-screen.module.css';
import { TermsFields } from './terms-fields.tsx';

export function PoolForm({ pool, runners }: { pool: Pool; runners: readonly Runner[] }) {
  const client = useClient();
  const form = useRef<HTMLFormElement>(null);
  // Null while nothing was entered: the fields then follow the pool.
  const [entered, setEntered] = useState<PoolDraft | null>(null);
  const [working, setWorking] = useState(false);
  const [refusal, setRefusal] = useState<ShownProblem | null>(null);
  const draft = useMemo(() => entered ?? poolDraftOf(pool), [entered, pool]);
  const { shape, problems } = useMemo(() => readPoolDraft(draft), [draft]);
  const change = shape === null ? null : changeOf(pool, shape);
  const edit = (changes: Partial<PoolDraft>): void => {
    setEntered({ ...draft, ...changes });
    setRefusal(null);
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (shape === null) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    if (change === null || working) return;
    setWorking(true);
    try {
      await client.pools.update({ poolId: pool.id, change });
      setEntered(null);
      showToast({ message: `${pool.name} was changed.` });
    } catch (error) {
      setRefusal(problemOf(error));
    }
    setWorking(false);
  };
  const effects = shape === null ? [] : consequences(pool, shape, runners);
  return (
    <form ref={form} onSubmit={(event) => void save(event)} noValidate>
      <Card
        title="How it lives"
        footer={
          entered !== null && (
            <>
              <Button onClick={() => setEntered(null)}>Undo</Button>
              <Button
                type="submit"
                kind="primary"
                busy={working}
                disabled={shape !== null && change === null}
              >
                Save
              </Button>
            </>
          )
        }
      >
        <CardBody className={styles.form}>
          <TermsFields
            terms={draft.terms}
            maximum={draft.maximum}
            problems={problems}
            onChange={(terms) => edit({ terms: { ...draft.terms, ...terms } })}
            onMaximum={(maximum) => edit({ maximum })}
          />
          <SizeChoice preset={draft.preset} custom={draft.custom} problems={problems} onChange={edit} />
          {refusal && <ProblemNote problem={refusal} />}
          <Effects effects={entered === null ? [] : effects} broken={Object.keys(problems).length} />
        </CardBody>
      </Card>
    </form>
  );
}

/** A live region that is always there, so that each change is told as it is made. */
function Effects({ effects, broken }: { effects: readonly string[]; broken: number }) {
  return (
    <div role="status">
      {broken > 0 && (
        <p className={styles.broken}>
          {formatCount(broken, 'field cannot be read', 'fields cannot be read')} yet.
        </p>
      )}
      {effects.length > 0 && (
        <div className={styles.effects}>
          <h3>When you save</h3>
          <ul>
            {effects.map((effect) => (
              <li key={effect}>{effect}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
