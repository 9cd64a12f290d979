/** The one line of a workflow file that would have to change: before and after, to copy and to edit on the forge. */
import { SquareArrowOutUpRight } from 'lucide-react';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { LineChange } from '../../components/line-change.tsx';
import { Sentence } from '../../components/sentence.tsx';
import type { PatchRepair } from './repair-work.ts';

export function PatchDialog({ patch, onClose }: { patch: PatchRepair; onClose: () => void }) {
  const { title, path, line, before, after, url } = patch;
  return (
    <Dialog
      title={<Sentence text={title} />}
      description={<Place path={path} line={line} />}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          {url !== null && (
            <ButtonLink
              kind="primary"
              icon={SquareArrowOutUpRight}
              href={url}
              target="_blank"
              rel="noreferrer"
            >
              Edit it on GitHub
            </ButtonLink>
          )}
        </>
      }
    >
      <LineChange before={before} after={after} />
      <p className="muted">
        Runs that wait keep what the file said when they began. Cancel them and start them again after the
        change.
      </p>
    </Dialog>
  );
}

function Place({ path, line }: { path: string | null; line: number | null }) {
  if (path === null) return 'In the workflow file';
  return (
    <>
      <Code>{path}</Code>
      {line !== null && `, line ${line.toLocaleString('en')}`}
    </>
  );
}
