/** Addresses of the panel's screens, kept behind the `#` so that every door serves one file. */
import { useSyncExternalStore } from 'react';

/** Splits `#/deploy?labels=gpu` into its path `/deploy` and its query `labels=gpu`. */
export function parseHash(hash: string): { path: string; search: string } {
  const [path = '', ...rest] = hash.replace(/^#?\/?/, '').split('?');
  return { path: `/${path}`, search: rest.join('?') };
}

function subscribe(callback: () => void): () => void {
  window.addEventListener('hashchange', callback);
  return () => window.removeEventListener('hashchange', callback);
}

/** Goes to a screen, for example `navigate('/deploy?labels=gpu')`. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const hash = `#${to}`;
  if (window.location.hash === hash) return;
  if (!options.replace) {
    window.location.hash = hash;
    return;
  }
  window.history.replaceState(window.history.state, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** Location hook for wouter: the path in front of `?`. */
export function useHashPath(): [string, typeof navigate] {
  const path = useSyncExternalStore(subscribe, () => parseHash(window.location.hash).path);
  return [path, navigate];
}

/** Search hook for wouter: what follows `?` inside the hash. */
function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => parseHash(window.location.hash).search);
}

useHashPath.searchHook = useHashSearch;
useHashPath.hrefs = (to: string): string => `#${to}`;
