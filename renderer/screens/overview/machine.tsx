/** This machine: what is used, and how many runners still fit. */
import { formatBytes, formatBytesOf, formatCoreCount, formatCores } from '../../../shared/format.ts';
import type { Host, Load, Plan } from '../../../shared/model.ts';
import { Card, CardBody } from '../../components/card.tsx';
import { Meter } from '../../components/meter.tsx';
import type { Tone } from '../../components/pill.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard } from '../../store/session.ts';
import styles from './machine.module.css';

const os: Record<Host['os'], string> = { linux: 'Linux', macos: 'macOS', windows: 'Windows', other: '' };

export function Machine({ plan }: { plan: Plan | null }) {
  const host = useBoard((board) => board.panel.host);
  const load = useBoard((board) => board.panel.load);
  return (
    <Card
      title="This machine"
      note={host ? [os[host.os], host.cpuModel].filter(Boolean).join(' · ') : undefined}
    >
      <CardBody className={styles.body}>
        {host && load ? <Meters host={host} load={load} /> : <Skeleton height={122} />}
        {host?.unsupported && (
          <ProblemNote tone="wait" problem={{ message: host.unsupported, remedy: null }} />
        )}
        {plan && !host?.unsupported && <Room plan={plan} />}
      </CardBody>
    </Card>
  );
}

/** A share of the whole from which a meter turns amber, then red. */
const scarce = 0.85;
const exhausted = 0.95;

function toneOf(share: number): Tone {
  return share >= exhausted ? 'fail' : share >= scarce ? 'wait' : 'busy';
}

function Meters({ host, load }: { host: Host; load: Load }) {
  const cpu = load.cpuCores / host.cores;
  const memory = load.memoryUsedBytes / host.memoryBytes;
  const disk = 1 - load.diskFreeBytes / Math.max(1, load.diskTotalBytes);
  return (
    <>
      <Meter
        label="CPU"
        value={cpu}
        amount={`${formatCores(load.cpuCores)} of ${formatCoreCount(host.cores)}`}
      />
      <Meter
        label="Memory"
        value={memory}
        amount={formatBytesOf(load.memoryUsedBytes, host.memoryBytes)}
        tone={toneOf(memory)}
      />
      <Meter
        label="Disk"
        value={disk}
        amount={`${formatBytes(load.diskFreeBytes)} free`}
        tone={toneOf(disk)}
      />
    </>
  );
}

function Room({ plan }: { plan: Plan }) {
  const { fits, size, sum, refusal } = plan;
  if (refusal !== null) return <ProblemNote tone="wait" problem={refusal} />;
  return (
    <div className={styles.room}>
      <p>
        {fits > 0 ? 'Room for ' : 'No room for another '}
        {fits > 0 && <strong>{fits.toLocaleString('en')} more</strong>}{' '}
        {size.preset === 'custom' ? '' : size.preset} {fits === 1 || fits === 0 ? 'runner' : 'runners'} of{' '}
        {formatCoreCount(size.cores)} and {formatBytes(size.memoryBytes)}.
      </p>
      <details className={styles.sum}>
        <summary>How this is counted</summary>
        <ul>
          {sum.map(({ resource, sentence }) => (
            <li key={resource}>{sentence}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}
