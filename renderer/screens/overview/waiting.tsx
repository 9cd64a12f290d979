/** What waits, why, and what mends it: reason and repair side by side. */
import { CircleCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatClock, formatCount, formatDuration } from '../../../shared/format.ts';
import type { Job } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Label, StateShape } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { HoldRepairButton } from '../pools/hold-note.tsx';
import { repairOfHold } from '../pools/hold-repair.ts';
import styles from './jobs.module.css';
import { repairFor, type WaitGroup, waitGroups, waitingJobs } from './repair.ts';
import { type ServingPool, servingPool } from './serving-pool.ts';

const firstShown = 5;
const moreShown = 50;
/** Jobs of one group that are named. */
const mostNamed = 3;

export function Waiting() {
  const table = useBoard((board) => board.jobs);
  const jobs = useMemo(() => waitingJobs(table), [table]);
  const groups = useMemo(() => waitGroups(jobs), [jobs]);
  const [most, setMost] = useState(firstShown);
  const hidden = groups.length - most;
  return (
    <Card title="Waiting" note={jobs.length > 0 ? formatCount(jobs.length, 'job') : undefined}>
      {jobs.length === 0 ? (
        <p className={styles.none}>
          <CircleCheck aria-hidden="true" />
          Nothing waits.
        </p>
      ) : (
        <ul>
          {groups.slice(0, most).map((group) => (
            <WaitingGroup key={group.key} group={group} />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <div className={styles.further}>
          <Button size="small" kind="quiet" onClick={() => setMost(most + moreShown)}>
            Show {Math.min(moreShown, hidden).toLocaleString('en')} more of {hidden.toLocaleString('en')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function WaitingGroup({ group: { jobs } }: { group: WaitGroup }) {
  const [first] = jobs;
  const pools = useBoard((board) => board.pools);
  const poolStates = useBoard((board) => board.poolStates);
  const serving = servingPool(first, { pools, poolStates });
  const missing = new Set(serving === null ? first.wait?.missing : []);
  const unnamed = jobs.length - mostNamed;
  return (
    <li className={styles.job}>
      <Waited since={first.queuedAt} />
      <div className={styles.words}>
        {jobs.slice(0, mostNamed).map((job) => (
          <JobTitle key={job.id} job={job} />
        ))}
        {unnamed > 0 && <p className={styles.reason}>and {formatCount(unnamed, 'other job')}</p>}
        {serving === null ? (
          <p className={styles.reason}>
            <Sentence text={first.wait?.sentence ?? 'It waits for a runner that fits.'} />
          </p>
        ) : (
          <PoolReason serving={serving} />
        )}
        <p className={styles.labels}>
          <span className="visually-hidden">Labels: </span>
          {first.labels.map((label) => (
            <Label key={label} missing={missing.has(label)}>
              {label}
            </Label>
          ))}
        </p>
      </div>
      {serving === null ? <JobRepair job={first} /> : <PoolRepair serving={serving} />}
    </li>
  );
}

/** Why the pool that will take it has not done so yet, and when it decides anew. */
function PoolReason({ serving: { pool, state } }: { serving: ServingPool }) {
  return (
    <p className={state.hold === null ? styles.reason : styles.held}>
      {state.hold !== null && <StateShape shape="ring" size={9} />}
      <span>
        <a href={`#/pools/${encodeURIComponent(pool.id)}`}>{pool.name}</a>:{' '}
        {state.hold?.sentence ?? state.cause}
        {state.nextAt !== null && <Until at={state.nextAt} />}
      </span>
    </p>
  );
}

function Until({ at }: { at: number }) {
  const leftMs = at - useNow();
  return leftMs < 1000 ? null : <span aria-hidden="true"> Next look in {formatClock(leftMs)}.</span>;
}

function PoolRepair({ serving: { pool, state } }: { serving: ServingPool }) {
  const repair = state.hold === null ? null : repairOfHold(state.hold, pool, state);
  return repair && <HoldRepairButton pool={pool} repair={repair} />;
}

function JobRepair({ job }: { job: Job }) {
  const repair = repairFor(job);
  if (repair === null) return null;
  return (
    <ButtonLink size="small" href={repair.href} {...linkTarget(repair.href)}>
      {repair.label}
    </ButtonLink>
  );
}

function JobTitle({ job: { name, url, workflow, branch } }: { job: Job }) {
  return (
    <p className={styles.title}>
      {url === null ? (
        <strong>{name}</strong>
      ) : (
        <a href={url} target="_blank" rel="noreferrer">
          {name}
        </a>
      )}
      <span className={styles.where}>
        {workflow}
        {branch && ` · ${branch}`}
      </span>
    </p>
  );
}

/** A sentence in which `words between backticks` are labels. */
function Sentence({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their order
    index % 2 === 0 ? part : <Label key={index}>{part}</Label>,
  );
}

function linkTarget(href: string): { target?: string; rel?: string } {
  return href.startsWith('#') ? {} : { target: '_blank', rel: 'noreferrer' };
}

function Waited({ since }: { since: number }) {
  const now = useNow();
  return <span className={styles.time}>{formatDuration(now - since)}</span>;
}
