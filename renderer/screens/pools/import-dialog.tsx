/** Pools from YAML: pasted or from a file, first as a table of what would happen, then done. */
import { FileUp } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import type { ImportedPool } from '../../../shared/contract.ts';
import { formatList } from '../../../shared/format.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, useFieldInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { useBoard, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { hasWork, importSummary, publicOnes } from './import-rows.ts';
import { ImportTable } from './import-table.tsx';
import styles from './pools-file.module.css';

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const importing = useImport(onClose);
  const { yaml, setYaml, rows, problem, accept, setAccept, finished, check, apply } = importing;
  const repositories = useBoard((board) => board.repositories);
  const open = rows === null || finished ? [] : publicOnes(rows, repositories);
  const submit = finished ? onClose : () => void (rows === null ? check() : apply());
  return (
    <Dialog
      width="wide"
      title="Import pools"
      description="From YAML that Trackside exported, here or elsewhere. Nothing is removed by it."
      onClose={onClose}
      onSubmit={submit}
      footer={<ImportButtons importing={importing} onClose={onClose} />}
    >
      {rows === null ? (
        <YamlField yaml={yaml} onYaml={setYaml} />
      ) : (
        <ImportTable rows={rows} tense={finished ? 'done' : 'to do'} />
      )}
      {open.length > 0 && (
        <div className={styles.risk}>
          <p>
            <strong>
              {formatList(open)} {open.length === 1 ? 'is' : 'are'} public.
            </strong>{' '}
            Anyone can open a pull request whose workflow runs code on this machine, with your rights.
          </p>
          <Checkbox checked={accept} onChange={(event) => setAccept(event.target.checked)}>
            I know this and want runners for {open.length === 1 ? 'it' : 'them'} on this machine.
          </Checkbox>
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
    </Dialog>
  );
}

function ImportButtons({
  importing: { yaml, setYaml, rows, working, finished },
  onClose,
}: {
  importing: ReturnType<typeof useImport>;
  onClose: () => void;
}) {
  if (finished) {
    return (
      <Button type="submit" kind="primary">
        Close
      </Button>
    );
  }
  return (
    <>
      {rows === null ? (
        <Button onClick={onClose}>Not now</Button>
      ) : (
        <Button onClick={() => setYaml(yaml)}>Back</Button>
      )}
      <Button type="submit" kind="primary" busy={working} disabled={rows !== null && !hasWork(rows)}>
        {rows === null ? 'Look what it would do' : 'Apply'}
      </Button>
    </>
  );
}

/** The steps of an import: text, what it would do, done. Another tick looks again, for it may no longer be refused. */
function useImport(onDone: () => void) {
  const client = useClient();
  const [yaml, setText] = useState('');
  const [rows, setRows] = useState<readonly ImportedPool[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [working, setWorking] = useState(false);
  const [accept, setAccept] = useState(false);
  const [finished, setFinished] = useState(false);
  const call = async (
    dryRun: boolean,
    acceptPublicRisk: boolean,
  ): Promise<readonly ImportedPool[] | null> => {
    setWorking(true);
    setProblem(null);
    try {
      return (await client.pools.import({ yaml, dryRun, acceptPublicRisk })).pools;
    } catch (error) {
      setProblem(problemOf(error));
      return null;
    } finally {
      setWorking(false);
    }
  };
  const look = async (acceptPublicRisk: boolean): Promise<void> => {
    const found = await call(true, acceptPublicRisk);
    if (found !== null) setRows(found);
  };
  return {
    yaml,
    rows,
    problem,
    working,
    accept,
    finished,
    setYaml(text: string) {
      setText(text);
      setRows(null);
      setProblem(null);
    },
    setAccept(ticked: boolean) {
      setAccept(ticked);
      void look(ticked);
    },
    check: () => look(accept),
    async apply() {
      const done = await call(false, accept);
      if (done === null) return;
      const refused = done.some(({ action }) => action === 'refuse');
      // What was refused says why: that stays to be read.
      if (refused) {
        setRows(done);
        setFinished(true);
        return;
      }
      showToast({ message: `${importSummary(done, 'done')}.` });
      onDone();
    },
  };
}

function YamlField({ yaml, onYaml }: { yaml: string; onYaml: (text: string) => void }) {
  const read = async (files: FileList | null): Promise<void> => {
    const [file] = files ?? [];
    if (file !== undefined) onYaml(await file.text());
  };
  return (
    <>
      <Field label="YAML">
        <TextArea value={yaml} rows={12} onChange={(event) => onYaml(event.target.value)} />
      </Field>
      <label className={styles.file}>
        <FileUp aria-hidden="true" />
        <span>Or choose a file</span>
        <input
          type="file"
          accept=".yaml,.yml,text/yaml,application/yaml"
          onChange={(event) => void read(event.target.files)}
        />
      </label>
    </>
  );
}

function TextArea(props: ComponentProps<'textarea'>) {
  return <textarea {...useFieldInput()} {...props} className={styles.text} spellCheck={false} />;
}
