/** What a run left behind: each artifact with its size, its digest, how long it is kept, and a way to have it. */
import { Download, FileArchive, X } from 'lucide-react';
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatDateTime,
  formatRoughly,
} from '../../../shared/format.ts';
import type { Artifact, Run, RunDetail, SavedArtifact } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { Code, CopyButton } from '../../components/code.tsx';
import { Bar } from '../../components/meter.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useNow } from '../../store/now.ts';
import styles from './artifacts-card.module.css';
import { type ArtifactFetch, useArtifact } from './use-artifact.ts';

export function ArtifactsCard({ detail: { run, artifacts } }: { detail: RunDetail }) {
  if (artifacts.length === 0) return null;
  const sizeBytes = artifacts.reduce((sum, artifact) => sum + artifact.sizeBytes, 0);
  return (
    <Card title="Artifacts" note={`${artifacts.length.toLocaleString('en')} · ${formatBytes(sizeBytes)}`}>
      <ul className={styles.list}>
        {artifacts.map((artifact) => (
          <ArtifactRow key={artifact.id} artifact={artifact} run={run} />
        ))}
      </ul>
    </Card>
  );
}

function ArtifactRow({ artifact, run }: { artifact: Artifact; run: Run }) {
  const { id, name, sizeBytes, digest, expired } = artifact;
  const asked = { repositoryId: run.repositoryId, runId: run.id, artifactId: id };
  const fetching = useArtifact(asked, ({ href }) => {
    if (href !== null) window.location.assign(href);
  });
  return (
    <li className={classNames(styles.row, expired && styles.expired)}>
      <FileArchive className={styles.icon} aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.sub}>
          <span>{formatBytes(sizeBytes)}</span>
          <Expiry artifact={artifact} />
          {digest !== null && (
            <span className={styles.digest}>
              <code title={digest}>{shortDigest(digest)}</code>
              <CopyButton text={() => digest} label={`Copy the digest of ${name}`} />
            </span>
          )}
        </p>
      </div>
      <div className={styles.actions}>{!expired && <FetchButton name={name} fetching={fetching} />}</div>
      <Outcome fetching={fetching} name={name} />
    </li>
  );
}

/** `sha256:1f2e3d4c5b6a…` */
function shortDigest(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return hex.length > 12 ? `${algorithm}:${hex.slice(0, 12)}…` : digest;
}

function Expiry({ artifact: { expired, expiresAt } }: { artifact: Artifact }) {
  const now = useNow(60_000);
  if (expired) return <span>expired: the forge has deleted it</span>;
  if (expiresAt === null) return null;
  return <span title={formatDateTime(expiresAt)}>kept for {formatRoughly(expiresAt - now)}</span>;
}

function FetchButton({ name, fetching }: { name: string; fetching: ArtifactFetch }) {
  const { working, progress, start, cancel } = fetching;
  const about = <span className="visually-hidden"> {name}</span>;
  if (working)
    return <IconButton icon={X} label={`Cancel the download of ${name}`} size="small" onClick={cancel} />;
  const href = progress?.saved?.href ?? null;
  if (href !== null) {
    return (
      <ButtonLink size="small" icon={Download} href={href} download>
        Once more{about}
      </ButtonLink>
    );
  }
  return (
    <Button size="small" icon={Download} onClick={start}>
      Download{about}
    </Button>
  );
}

function Outcome({
  fetching: { working, progress, problem },
  name,
}: {
  fetching: ArtifactFetch;
  name: string;
}) {
  if (problem) return <ProblemNote className={styles.outcome} problem={problem} />;
  if (progress?.saved) return <Saved saved={progress.saved} />;
  if (!working) return null;
  const { receivedBytes = 0, totalBytes = null } = progress ?? {};
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.sub}>
        {totalBytes === null ? formatBytes(receivedBytes) : formatBytesOf(receivedBytes, totalBytes)}
      </p>
      <Bar value={totalBytes ? receivedBytes / totalBytes : 0.1} label={`Download of ${name}`} />
    </div>
  );
}

const mostNamed = 20;

function Saved({ saved }: { saved: NonNullable<SavedArtifact['saved']> }) {
  const { path, href, files, refused, verified } = saved;
  return (
    <div className={styles.outcome}>
      <p className={styles.sub} role="status">
        {href === null ? 'It is on this machine' : 'Your browser has it'},{' '}
        {verified ? 'and it agrees with its digest.' : 'but there was no digest to compare it with.'}
      </p>
      {href === null && (
        <p className={styles.path}>
          <Code>{path}</Code>
          <CopyButton text={() => path} label="Copy the path" />
        </p>
      )}
      {refused.length > 0 && (
        <ProblemNote
          tone="wait"
          problem={{
            message: `${formatCount(refused.length, 'entry', 'entries')} of it would leave the folder it is unpacked to, or ${refused.length === 1 ? 'is no plain file' : 'are no plain files'}: ${refused.slice(0, 5).join(', ')}${refused.length > 5 ? '…' : ''}`,
            remedy: 'Unpack it only with a program that refuses such entries.',
          }}
        />
      )}
      {files.length > 0 && (
        <details className={styles.files}>
          <summary>{formatCount(files.length, 'file')} in it</summary>
          <ul>
            {files.slice(0, mostNamed).map((file) => (
              <li key={file.name}>
                <code>{file.name}</code> <span className="muted">{formatBytes(file.sizeBytes)}</span>
              </li>
            ))}
            {files.length > mostNamed && (
              <li className="muted">and {(files.length - mostNamed).toLocaleString('en')} more</li>
            )}
          </ul>
        </details>
      )}
    </div>
  );
}
