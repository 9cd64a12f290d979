/** A state as shape, word and colour; the colour alone never says it. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './pill.module.css';

export type Tone = 'idle' | 'busy' | 'wait' | 'fail' | 'ok' | 'off';
export type Shape = 'disc' | 'square' | 'ring' | 'triangle' | 'dashed' | 'half' | 'cross';

/** The shape that belongs to a state, drawn in the current colour. Decorative: a word must stand beside it. */
export function StateShape({ shape, size = 10 }: { shape: Shape; size?: number }) {
  return (
    <svg className={styles.shape} width={size} height={size} viewBox="0 0 10 10" aria-hidden="true">
      {shapes[shape]}
    </svg>
  );
}

const shapes: Record<Shape, ReactNode> = {
  disc: <circle cx="5" cy="5" r="4" fill="currentColor" />,
  square: <rect x="1.2" y="1.2" width="7.6" height="7.6" rx="1.6" fill="currentColor" />,
  ring: <circle cx="5" cy="5" r="3.4" fill="none" stroke="currentColor" strokeWidth="2" />,
  triangle: <path d="M5 .8 9.6 9H.4Z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />,
  dashed: (
    <circle
      cx="5"
      cy="5"
      r="3.8"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeDasharray="2.4 1.6"
    />
  ),
  half: (
    <>
      <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M5 1.2a3.8 3.8 0 0 1 0 7.6Z" fill="currentColor" />
    </>
  ),
  cross: (
    <path
      d="M1.8 1.8l6.4 6.4M8.2 1.8 1.8 8.2"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
    />
  ),
};

export function Pill({ tone, shape, children }: { tone: Tone; shape?: Shape; children: ReactNode }) {
  return (
    <span className={classNames(styles.pill, styles[tone])}>
      {shape && <StateShape shape={shape} />}
      {children}
    </span>
  );
}

/** A label of a runner or job, as the forge writes it. */
export function Label({ children, missing = false }: { children: string; missing?: boolean }) {
  return <code className={classNames(styles.label, missing && styles.missing)}>{children}</code>;
}
