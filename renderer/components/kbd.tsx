/** A key or a chord, for example `⌘K`. */
import styles from './kbd.module.css';

export function Kbd({ children }: { children: string }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}

/** Whether this keyboard's command key is ⌘. */
const isApple = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

/** How the command palette is opened here. */
export const paletteChord = isApple ? '⌘K' : 'Ctrl K';
