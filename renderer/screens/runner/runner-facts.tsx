/** What is known of a runner, and how its deploy went. */
import type { ReactNode } from 'react';
import {
  formatBytes,
  formatCoreCount,
  formatDateTime,
  formatDuration,
  formatRoughly,
  formatTimeOfDay,
} from '../../../shared/format.ts';
import type { Runner, Shift } from '../../../shared/model.ts';
import { Card, CardBody } from '../../components/card.tsx';
import { Label, Pill, StateShape } from '../../components/pill.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { Steps } from '../../components/steps.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { deploySpan } from '../deploy/progress.ts';
import { shiftLook } from '../history/event-words.ts';
import { rerunWords } from '../overview/lost-jobs.ts';
import { deployRows } from '../runners/deploy-rows.ts';
import { versionTerm } from './health-words.ts';
import styles from './runner-facts.module.css';

export function Facts({ runner }: { runner: Runner }) {
  const repository = useBoard((board) => board.repositories[runner.repositoryId]);
  const pool = useBoard((board) => board.pools[runner.poolId]);
  return (
    <Card title="Facts">
      <CardBody>
        <dl className={styles.facts}>
          <Fact title="Repository">
            {repository ? (
              <a href={repository.webUrl} target="_blank" rel="noreferrer">
                {repository.fullName}
              </a>
            ) : (
              'no longer connected'
            )}
          </Fact>
          <Fact title="Labels">
            <span className={styles.labels}>
              {runner.labels.length === 0 && 'none yet'}
              {runner.labels.map((label) => (
                <Label key={label}>{label}</Label>
              ))}
            </span>
          </Fact>
          {pool && (
            <Fact title="Pool">
              <a href={`#/pools/${encodeURIComponent(pool.id)}`}>{pool.name}</a>,{' '}
              {formatCoreCount(pool.size.cores)} and {formatBytes(pool.size.memoryBytes)} each
            </Fact>
          )}
          <Fact title="On GitHub">
            {runner.forgeRunnerId === null
              ? 'not registered'
              : `${runner.forgeStatus}, number ${runner.forgeRunnerId}`}
          </Fact>
          <Fact title="Version">
            {runner.version ?? 'not known yet'}
            {runner.versionDeadline !== null && <VersionTerm deadline={runner.versionDeadline} />}
          </Fact>
          {runner.startedAt !== null && (
            <Fact title="Runs for">
              <Running since={runner.startedAt} />
              {runner.pid !== null && <span className="muted">, process {runner.pid}</span>}
            </Fact>
          )}
          <UsageFacts runnerId={runner.id} cores={pool?.size.cores ?? 1} />
          <Fact title="Deployed">{formatDateTime(runner.createdAt)}</Fact>
        </dl>
      </CardBody>
    </Card>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function VersionTerm({ deadline }: { deadline: number }) {
  const { words, tone } = versionTerm(deadline, useNow(60_000));
  return (
    <span className={styles[tone]}>
      {tone !== 'plain' && <StateShape shape="triangle" size={9} />} {words}, until {formatDate(deadline)}
    </span>
  );
}

function formatDate(atMs: number): string {
  return new Date(atMs).toLocaleDateString('en-GB', { dateStyle: 'medium' });
}

function Running({ since }: { since: number }) {
  const now = useNow();
  return formatRoughly(now - since);
}

function UsageFacts({ runnerId, cores }: { runnerId: string; cores: number }) {
  const usage = useBoard((board) => board.usage[runnerId]);
  if (usage === undefined) return null;
  const words = formatCoreCount(usage.cpuCores);
  return (
    <>
      <Fact title="CPU">
        <span className={styles.cpu}>
          <Sparkline
            values={usage.cpuHistory}
            top={cores}
            width={96}
            label={`CPU of the last minutes: now ${words}`}
          />
          {words}
        </span>
      </Fact>
      <Fact title="Memory">
        {formatBytes(usage.memoryBytes)} in{' '}
        {usage.processes === 1 ? '1 process' : `${usage.processes} processes`}
      </Fact>
    </>
  );
}

export function DeploySteps({ runner }: { runner: Runner }) {
  if (runner.steps.length === 0) return null;
  const { startedAt, endedAt } = deploySpan(runner.steps);
  const took =
    startedAt !== null && endedAt !== null ? `took ${formatDuration(endedAt - startedAt)}` : undefined;
  return (
    <Card title="Deploy" note={took}>
      <CardBody>
        <Steps steps={deployRows(runner.steps)} label={`Steps of the deploy of ${runner.name}`} />
      </CardBody>
    </Card>
  );
}

const mostShifts = 8;

export function RecentJobs({ runnerId }: { runnerId: string }) {
  const shifts = useBoard((board) => board.shifts);
  const own = Object.values(shifts)
    .filter((shift) => shift.runnerId === runnerId)
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, mostShifts);
  if (own.length === 0) return null;
  return (
    <Card title="Last jobs">
      <ul className={styles.jobs}>
        {own.map((shift) => (
          <RecentJob key={shift.id} shift={shift} />
        ))}
      </ul>
    </Card>
  );
}

function RecentJob({ shift }: { shift: Shift }) {
  const { tone, shape, word } = shiftLook(shift);
  const span = shift.endedAt === null ? '' : ` · ${formatDuration(shift.endedAt - shift.startedAt)}`;
  return (
    <li>
      <div className={styles.job}>
        {shift.url === null ? (
          shift.jobName
        ) : (
          <a href={shift.url} target="_blank" rel="noreferrer">
            {shift.jobName}
          </a>
        )}
        <div className="muted">
          {formatTimeOfDay(shift.startedAt)}
          {span}
        </div>
      </div>
      <Pill tone={tone} shape={shape}>
        {word}
      </Pill>
      {shift.verdict && (
        <p className={styles.verdict}>
          {shift.verdict.sentence} {shift.verdict.cause !== 'cancelled-here' && rerunWords(shift.verdict)}
        </p>
      )}
    </li>
  );
}
