/** Pools as YAML: to copy, to save as a file, to read. Nothing secret is in it. */
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard, useClient } from '../../store/session.ts';
import styles from './pools-file.module.css';

/** `poolId` null = all pools. */
export function ExportDialog({ poolId, onClose }: { poolId: string | null; onClose: () => void }) {
  const client = useClient();
  const name = useBoard((board) => (poolId === null ? null : (board.pools[poolId]?.name ?? null)));
  const [yaml, setYaml] = useState<string | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    client.pools.export({ poolIds: poolId === null ? null : [poolId] }, { signal: ending.signal }).then(
      (exported) => setYaml(exported.yaml),
      (error: unknown) => ending.signal.aborted || setProblem(problemOf(error)),
    );
    return () => ending.abort();
  }, [client, poolId]);
  return (
    <Dialog
      width="wide"
      title={name === null ? 'Export all pools' : `Export the pool ${name}`}
      description="Read it, keep it in a repository, import it on another machine. No secret is in it."
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            kind="primary"
            icon={Download}
            disabled={yaml === null}
            onClick={() => yaml !== null && saveFile(`${name ?? 'pools'}.trackside.yaml`, yaml)}
          >
            Save as a file
          </Button>
        </>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      {yaml === null && problem === null && <Skeleton height={180} />}
      {yaml !== null && <CodeBlock className={styles.yaml} text={yaml} />}
    </Dialog>
  );
}

/** Hands the text to the browser as a download; nothing leaves this machine. */
function saveFile(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
