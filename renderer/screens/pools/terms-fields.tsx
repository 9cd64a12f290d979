/** How a pool's runners live: the same fields for a new pool and for one that exists. */
import type { ReactNode } from 'react';
import type { Lifecycle, Scaling } from '../../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import { Checkbox, RadioCards, type RadioChoice } from '../../components/choice.tsx';
import { Field, FieldSet } from '../../components/field.tsx';
import { NumberStepper } from '../../components/number-stepper.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { NeighbourFields } from './neighbour-fields.tsx';
import { PolicyPicture } from './policy-picture.tsx';
import { lifeTitles, policySentence, policyTitles } from './pool-words.ts';
import { readIdleMs, type Terms, type TermsProblems } from './terms.ts';
import styles from './terms-fields.module.css';

const lives: readonly RadioChoice<Lifecycle['mode']>[] = [
  {
    value: 'auto',
    title: lifeTitles.auto,
    detail:
      'Runners come when jobs wait and leave when they have been idle for a while. Nothing to look after.',
  },
  {
    value: 'ephemeral',
    title: lifeTitles.ephemeral,
    detail: 'Every job gets a fresh runner that is thrown away afterwards. Nothing is carried over.',
  },
  {
    value: 'manual',
    title: lifeTitles.manual,
    detail: 'A fixed number that waits for jobs, day and night, until you stop or remove them.',
  },
];

interface TermsFieldsProps {
  terms: Terms;
  /** The most runners at once, as typed. */
  maximum: string;
  /** At which fields something is wrong; `maximum` is the one beside them. */
  problems: TermsProblems & { maximum?: string };
  onChange: (changes: Partial<Terms>) => void;
  onMaximum: (text: string) => void;
  /** More choices about an automatic pool: when it begins. */
  beginning?: ReactNode;
}

export function TermsFields(props: TermsFieldsProps) {
  const { terms, problems, onChange } = props;
  return (
    <div className={styles.stack}>
      <FieldSet legend="How long they stay">
        {problems.lifecycle !== undefined && <Refusal message={problems.lifecycle} />}
        <RadioCards
          label="How long the runners stay"
          value={terms.mode}
          onChange={(mode) => onChange({ mode })}
          choices={lives}
          columns={3}
        />
      </FieldSet>
      {problems.scaling !== undefined && <Refusal message={problems.scaling} />}
      {terms.mode === 'auto' && <AutoFields {...props} />}
      {terms.mode === 'ephemeral' && <EphemeralFields {...props} />}
      <NeighbourFields
        terms={terms.neighbour}
        problems={problems}
        onChange={(changes) => onChange({ neighbour: { ...terms.neighbour, ...changes } })}
      />
      <Checkbox checked={terms.rerunLost} onChange={(event) => onChange({ rerunLost: event.target.checked })}>
        Run lost jobs again, once
        <span className={styles.detail}>
          When a runner dies under a job (out of memory, disk full, a restart of this machine), GitHub is
          asked to run that job again. A job that failed by itself is not touched.
        </span>
      </Checkbox>
    </div>
  );
}

function Refusal({ message }: { message: string }) {
  return <ProblemNote problem={{ message, remedy: null }} />;
}

const policies: readonly Scaling['policy'][] = ['lazy', 'balanced', 'aggressive'];

function AutoFields(props: TermsFieldsProps) {
  const { terms, problems, onChange, beginning } = props;
  const idleMs = readIdleMs(terms.idleMinutes);
  return (
    <>
      <FieldSet legend="How eagerly they come">
        <RadioCards
          label="How eagerly runners come"
          value={terms.policy}
          onChange={(policy) => onChange({ policy })}
          choices={policies.map((policy) => ({
            value: policy,
            title: policyTitles[policy],
            detail: (
              <>
                <PolicyPicture policy={policy} />
                {policySentence(policy, idleMs)}
              </>
            ),
          }))}
          columns={3}
        />
        <p className={styles.key} aria-hidden="true">
          <span className={styles.job} /> job queued <span className={styles.busy} /> runner with a job{' '}
          <span className={styles.idle} /> idle, then gone
        </p>
      </FieldSet>
      <div className={styles.numbers}>
        <Field label="Idle minutes" problem={problems.idleMinutes} help="Then a runner leaves.">
          <NumberStepper
            value={terms.idleMinutes}
            onChange={(idleMinutes) => onChange({ idleMinutes })}
            min={1}
            max={10_080}
            noun="minute"
          />
        </Field>
        <MaximumField {...props} />
        <SparesField {...props} />
      </div>
      {beginning}
    </>
  );
}

function EphemeralFields(props: TermsFieldsProps) {
  return (
    <>
      <ul className={styles.meaning}>
        <li>
          <strong>A fresh directory.</strong> No job sees files that another one left behind, and none finds
          them either: what should be kept between jobs belongs into a cache or an artifact.
        </li>
        <li>
          <strong>A just-in-time registration.</strong> GitHub lets the runner take exactly one job.
          Afterwards it is gone there and here.
        </li>
        <li>
          <strong>A moment more before each job.</strong> A runner kept ready takes the first one at once.
        </li>
      </ul>
      <div className={styles.numbers}>
        <MaximumField {...props} />
        <SparesField {...props} />
      </div>
    </>
  );
}

function MaximumField({
  maximum,
  problems,
  onMaximum,
}: Pick<TermsFieldsProps, 'maximum' | 'problems' | 'onMaximum'>) {
  return (
    <Field label="At most at once" problem={problems.maximum} help="More jobs than that wait.">
      <NumberStepper value={maximum} onChange={onMaximum} min={1} max={maxRunnersPerDeploy} noun="runner" />
    </Field>
  );
}

function SparesField({
  terms,
  problems,
  onChange,
}: Pick<TermsFieldsProps, 'terms' | 'problems' | 'onChange'>) {
  return (
    <Field label="Kept ready" problem={problems.spares} help="Wait for jobs even when nothing is queued.">
      <NumberStepper
        value={terms.spares}
        onChange={(spares) => onChange({ spares })}
        min={0}
        max={maxRunnersPerDeploy}
        noun="spare runner"
      />
    </Field>
  );
}
