/** Something to copy letter by letter: a command, an address, a path. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './code.module.css';

export function Code({ children }: { children: string }) {
  return <code className={styles.code}>{children}</code>;
}

/** A block with a button that copies it. */
export function CodeBlock({ text, className }: { text: string; className?: string }) {
  return (
    <div className={classNames(styles.block, className)}>
      <pre>{text}</pre>
      <CopyButton text={() => text} label="Copy" />
    </div>
  );
}

const copiedShownMs = 1600;

/** Copies what `text` returns when it is pressed, and shows that it did. */
export function CopyButton({ text, label }: { text: () => string | Promise<string>; label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), copiedShownMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => navigator.clipboard.writeText(await text());
  const press = (): void => {
    copy().then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  const said =
    outcome === null ? '' : outcome === 'copied' ? 'Copied' : 'This browser does not let the panel copy';
  return (
    <>
      <IconButton
        icon={outcome === 'copied' ? Check : Copy}
        label={said === '' ? label : said}
        size="small"
        onClick={press}
      />
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
