/** When a pool takes no new jobs, so that whoever uses this machine is not disturbed. Folded: most need none of it. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Checkbox } from '../../components/choice.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard } from '../../store/session.ts';
import { HoursFields } from './hours-fields.tsx';
import { neighbourPhrases } from './pool-words.ts';
import { type NeighbourTerms, neighbourFrom, type TermsProblems } from './terms.ts';
import styles from './terms-fields.module.css';

interface NeighbourFieldsProps {
  terms: NeighbourTerms;
  problems: TermsProblems;
  onChange: (changes: Partial<NeighbourTerms>) => void;
}

export function NeighbourFields({ terms, problems, onChange }: NeighbourFieldsProps) {
  const wrong = problems.load ?? problems.hours ?? problems.neighbour;
  const [opened, setOpened] = useState(false);
  return (
    <details
      className={styles.more}
      open={opened || wrong !== undefined}
      onToggle={(event) => setOpened(event.currentTarget.open)}
    >
      <summary>
        <ChevronRight aria-hidden="true" />
        <span className={styles.summaryTitle}>Good neighbour</span>
        <span className={styles.summaryWords}>{summaryWords(terms)}</span>
      </summary>
      <div className={styles.ticks}>
        {problems.neighbour !== undefined && (
          <ProblemNote problem={{ message: problems.neighbour, remedy: null }} />
        )}
        <p className="muted">
          While the pool pauses, running jobs go on to their end, idle runners leave, new jobs wait, and the
          panel says why.
        </p>
        <PowerTicks terms={terms} onChange={onChange} />
        <LoadTick terms={terms} problems={problems} onChange={onChange} />
        <HoursTick terms={terms} problems={problems} onChange={onChange} />
        <Tick
          checked={terms.lowPriority}
          onTick={(lowPriority) => onChange({ lowPriority })}
          detail="They take the processor and the disk when nothing else wants them."
        >
          Run jobs at low priority
        </Tick>
      </div>
    </details>
  );
}

function summaryWords(terms: NeighbourTerms): string {
  const neighbour = neighbourFrom(terms);
  const phrases = neighbour === null ? [] : neighbourPhrases(neighbour);
  return phrases.length === 0 ? 'Jobs run at any time' : phrases.join(' · ');
}

type TicksProps = Pick<NeighbourFieldsProps, 'terms' | 'onChange'>;

/** What this machine cannot tell is said beside the tick that needs it. */
function PowerTicks({ terms, onChange }: TicksProps) {
  const noBattery = useBoard(({ panel: { surroundings } }) => surroundings?.onBattery === null);
  const noMeter = useBoard(({ panel: { surroundings } }) => surroundings?.metered === null);
  return (
    <>
      <Tick
        checked={terms.pauseOnBattery}
        onTick={(pauseOnBattery) => onChange({ pauseOnBattery })}
        detail={noBattery ? 'This machine tells of no battery, so this never happens here.' : null}
      >
        Pause on battery
      </Tick>
      <Tick
        checked={terms.pauseOnMetered}
        onTick={(pauseOnMetered) => onChange({ pauseOnMetered })}
        detail={noMeter ? 'This machine does not tell whether its network is metered.' : null}
      >
        Pause on a metered network
      </Tick>
    </>
  );
}

function LoadTick({ terms, problems, onChange }: NeighbourFieldsProps) {
  return (
    <>
      <Tick checked={terms.byLoad} onTick={(byLoad) => onChange({ byLoad })} detail={null}>
        Pause while your own programs are busy
      </Tick>
      {terms.byLoad && (
        <div className={styles.nested}>
          <Field label="Above this share of all cores, in %" problem={problems.load}>
            <TextInput
              className={styles.time}
              inputMode="numeric"
              value={terms.load}
              onChange={(event) => onChange({ load: event.target.value })}
            />
          </Field>
        </div>
      )}
    </>
  );
}

function HoursTick({ terms, problems, onChange }: NeighbourFieldsProps) {
  return (
    <>
      <Tick checked={terms.byHours} onTick={(byHours) => onChange({ byHours })} detail={null}>
        Work only at certain hours
      </Tick>
      {terms.byHours && (
        <div className={styles.nested}>
          <HoursFields hours={terms} problem={problems.hours} onChange={onChange} />
        </div>
      )}
    </>
  );
}

function Tick({
  checked,
  onTick,
  detail,
  children,
}: {
  checked: boolean;
  onTick: (checked: boolean) => void;
  detail: string | null;
  children: ReactNode;
}) {
  return (
    <Checkbox checked={checked} onChange={(event) => onTick(event.target.checked)}>
      {children}
      {detail !== null && <span className={styles.detail}>{detail}</span>}
    </Checkbox>
  );
}
