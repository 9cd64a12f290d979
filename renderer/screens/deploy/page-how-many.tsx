/** Wizard, page 2: how many runners of which size, with the sum and the machine as a picture. */
import type { Plan } from '../../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import type { ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/choice.tsx';
import { classNames } from '../../components/class-names.ts';
import { Field } from '../../components/field.tsx';
import { NumberStepper } from '../../components/number-stepper.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard } from '../../store/session.ts';
import { readCount } from './count.ts';
import type { Draft, Problems } from './draft.ts';
import { countHelp, overcommitment } from './forecast.ts';
import { MachinePicture } from './machine-picture.tsx';
import { SizeChoice } from './size-choice.tsx';
import styles from './wizard.module.css';

interface PageHowManyProps {
  draft: Draft;
  plan: Plan;
  problems: Problems;
  onChange: (changes: Partial<Draft>) => void;
  /** Why the plan shown is not the newest; null when it is. */
  stale: ShownProblem | null;
  onRetry: () => void;
}

export function PageHowMany({ draft, plan, problems, onChange, stale, onRetry }: PageHowManyProps) {
  const memoryBytes = useBoard((board) => board.panel.host?.memoryBytes ?? null);
  const text = draft.count ?? String(plan.suggestedCount);
  const count = readCount(text);
  const shown = count.ok ? count.value : 0;
  const tooMany = count.ok ? overcommitment(plan, count.value) : null;
  return (
    <div className={styles.split}>
      <div className={styles.stack}>
        {plan.refusal && <ProblemNote problem={plan.refusal} />}
        {stale && (
          <ProblemNote
            problem={stale}
            action={
              <Button size="small" onClick={onRetry}>
                Try again
              </Button>
            }
          />
        )}
        <Field
          label="Runners"
          problem={problems.count}
          help={countHelp(plan, draft.terms, count.ok ? count.value : null)}
        >
          <div className={styles.count}>
            <NumberStepper
              value={text}
              onChange={(value) => onChange({ count: value })}
              min={1}
              max={maxRunnersPerDeploy}
              noun="runner"
            />
            <Segmented
              label="Often chosen"
              value={count.ok ? String(count.value) : ''}
              onChange={(value) => onChange({ count: value })}
              choices={quickCounts(plan).map((value) => ({ value: String(value), title: String(value) }))}
            />
          </div>
        </Field>
        {tooMany !== null && (
          <ProblemNote
            tone="wait"
            problem={{
              message: tooMany,
              remedy:
                draft.terms.mode === 'manual'
                  ? 'You can deploy them all the same.'
                  : 'What does not fit is held back until there is room, and the panel says so.',
            }}
          />
        )}
        <SizeChoice
          preset={draft.preset ?? plan.size.preset}
          custom={draft.custom}
          problems={problems}
          onChange={onChange}
        />
      </div>
      <div className={styles.stack}>
        <MachinePicture plan={plan} count={shown} memoryBytes={memoryBytes} />
        <Sum plan={plan} />
      </div>
    </div>
  );
}

/** A few numbers to choose at once: small ones, what is suggested, and what fits. */
function quickCounts({ suggestedCount, fits }: Plan): number[] {
  const most = Math.min(maxRunnersPerDeploy, Math.max(4, fits));
  const wanted = [1, 2, 3, 4, suggestedCount, 8, 16, 32, fits].filter((value) => value >= 1 && value <= most);
  return [...new Set(wanted)].sort((one, other) => one - other);
}

function Sum({ plan }: { plan: Plan }) {
  return (
    <div>
      <h3 className={styles.sumTitle}>How many fit</h3>
      <dl className={styles.sum}>
        {plan.sum.map(({ resource, sentence }) => (
          <div
            key={resource}
            className={classNames(styles.sumRow, resource === plan.bound && styles.sumBound)}
          >
            <dt>{resource}</dt>
            <dd>
              {sentence}
              {resource === plan.bound && <span className={styles.sumWhy}> · the limit</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
