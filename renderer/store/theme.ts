/** Light, dark, or as the system has it; kept in this browser. */

import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

const storageKey = 'trackside:theme';
const darkQuery = '(prefers-color-scheme: dark)';

const theme = createStore<Theme>(() => 'system');

function readStored(): Theme {
  try {
    const stored = window.localStorage.getItem(storageKey);
    return themes.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function paint(): void {
  const chosen = theme.getState();
  const dark = chosen === 'dark' || (chosen === 'system' && window.matchMedia(darkQuery).matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

/** Applies the stored theme and keeps following the system's. Call once, before the first render. */
export function startTheme(): void {
  theme.setState(readStored(), true);
  theme.subscribe(paint);
  window.matchMedia(darkQuery).addEventListener('change', paint);
  paint();
}

/** Changes the theme and remembers it. */
function setTheme(next: Theme): void {
  theme.setState(next, true);
  try {
    window.localStorage.setItem(storageKey, next);
  } catch {
    // A browser that keeps nothing still shows the theme until it is closed.
  }
}

/** The chosen theme and the way to change it. */
export function useTheme(): [Theme, (next: Theme) => void] {
  return [useStore(theme), setTheme];
}
