/** Buttons, and links that look like them. One primary button per screen: the one thing to do next. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';

type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'small' | 'medium' | 'large';

interface Look {
  kind?: ButtonKind;
  size?: ButtonSize;
  icon?: LucideIcon;
  children: ReactNode;
}

function lookOf(kind: ButtonKind, size: ButtonSize, className?: string): string {
  return classNames(styles.button, styles[kind], styles[size], className);
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'>, Look {
  /** Shows that it works, keeps the focus, and ignores further presses. */
  busy?: boolean;
}

export function Button({
  kind = 'secondary',
  size = 'medium',
  icon: Icon,
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={lookOf(kind, size, className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled']}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : Icon && <Icon aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A link in the panel (`href="#/deploy"`) or outside of it, looking like a button. */
export function ButtonLink({
  kind = 'secondary',
  size = 'medium',
  icon: Icon,
  className,
  children,
  ...rest
}: Omit<ComponentProps<'a'>, 'children'> & Look & { href: string }) {
  return (
    <a {...rest} className={lookOf(kind, size, className)}>
      {Icon && <Icon aria-hidden="true" />}
      {children}
    </a>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon;
  /** What it does, in words: its accessible name and its tooltip. */
  label: string;
  size?: ButtonSize;
}

export function IconButton({ icon: Icon, label, size = 'medium', className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      title={label}
      {...rest}
      aria-label={label}
      className={classNames(styles.button, styles.quiet, styles.iconOnly, styles[size], className)}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}
