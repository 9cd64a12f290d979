/** Windows over the page. They take the focus and give it back to where it came from. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { FormEvent, ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';

export type DialogWidth = 'narrow' | 'medium' | 'wide';

/** Open while it is rendered; `onClose` is called when it is dismissed. */
export function Dialog({
  title,
  description,
  width = 'medium',
  onClose,
  onSubmit,
  footer,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  width?: DialogWidth;
  onClose: () => void;
  /** Makes the dialog a form: Enter in a field submits it. */
  onSubmit?: () => void;
  footer?: ReactNode;
  children?: ReactNode;
}) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit?.();
  };
  const content = (
    <>
      {children && <div className={styles.body}>{children}</div>}
      {footer && <div className={styles.footer}>{footer}</div>}
    </>
  );
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Popup className={classNames(styles.popup, styles[width])}>
          <header className={styles.head}>
            <div>
              <Base.Title className={styles.title}>{title}</Base.Title>
              {description && (
                <Base.Description className={styles.description}>{description}</Base.Description>
              )}
            </div>
            <Base.Close render={<IconButton icon={X} label="Close" size="small" />} />
          </header>
          {onSubmit ? (
            <form className={styles.content} onSubmit={submit} noValidate>
              {content}
            </form>
          ) : (
            <div className={styles.content}>{content}</div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
