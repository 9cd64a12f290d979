/** The version, this machine, and where everything is kept. */
import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../../../shared/format.ts';
import type { Host } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { Code, CopyButton } from '../../components/code.tsx';
import { useBoard } from '../../store/session.ts';
import styles from './settings.module.css';

export function AboutCard() {
  const version = useBoard((board) => board.panel.version);
  const dataFolder = useBoard((board) => board.panel.dataFolder);
  const host = useBoard((board) => board.panel.host);
  return (
    <Card title="About">
      <dl className={styles.facts}>
        <Fact title="Version">Trackside {version}</Fact>
        <Fact title="This machine">{host === null ? 'Still being looked at' : describeHost(host)}</Fact>
        <Fact title="Data folder">
          <Code>{dataFolder}</Code> <CopyButton text={() => dataFolder} label="Copy the path" />
          <p className={styles.quiet}>Runners, their logs and everything else that Trackside keeps.</p>
        </Fact>
      </dl>
    </Card>
  );
}

function describeHost({ hostname, cpuModel, architecture, cores, memoryBytes }: Host): string {
  const processor = cpuModel === null ? architecture : `${cpuModel} (${architecture})`;
  return `${hostname} · ${processor} · ${formatCount(cores, 'core')} · ${formatBytes(memoryBytes)}`;
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
