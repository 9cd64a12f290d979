/** Where short messages appear. Read out politely; one with an action waits longer and pauses under the pointer. */
import { Check, CircleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { closeToast, type Toast, useToasts } from '../store/toasts.ts';
import { Button, IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './toasts.module.css';

const shownMs = 6000;
const shownWithActionMs = 12_000;

export function Toasts() {
  const toasts = useToasts();
  return (
    <section className={styles.region} aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { id, tone, message, remedy, action } = toast;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || tone === 'failed') return;
    const timer = setTimeout(() => closeToast(id), action ? shownWithActionMs : shownMs);
    return () => clearTimeout(timer);
  }, [id, tone, action, held]);
  const Icon = tone === 'failed' ? CircleAlert : Check;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: these handlers only keep it from leaving while it is read
    <div
      className={classNames(styles.toast, styles[tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon className={styles.icon} aria-hidden="true" />
      <div className={styles.words}>
        <p>{message}</p>
        {remedy && <p className={styles.remedy}>{remedy}</p>}
      </div>
      {action && (
        <Button
          size="small"
          onClick={() => {
            closeToast(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon={X} label="Close this message" size="small" onClick={() => closeToast(id)} />
    </div>
  );
}
