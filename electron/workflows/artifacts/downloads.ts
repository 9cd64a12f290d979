/** Saved files that a browser may get from the served panel: those of this engine's life, by an id nobody can guess. */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';

export interface Downloads {
  /** @returns where a browser gets it from; null where the panel is not served to one */
  offer(path: string): string | null;
  /** @returns null when nothing is offered under this id */
  find(id: string): { path: string; name: string } | null;
}

/** The oldest is forgotten when there are more; the file itself stays. */
const mostOffered = 1000;

/** @param isServed whether there is a panel server that hands them out */
export function createDownloads({ isServed }: { isServed: boolean }): Downloads {
  const offered = new Map<string, string>();
  return {
    offer(path) {
      if (!isServed) return null;
      const id = randomUUID();
      offered.set(id, path);
      for (const oldest of offered.keys()) {
        if (offered.size <= mostOffered) break;
        offered.delete(oldest);
      }
      return `/downloads/${id}/${encodeURIComponent(basename(path))}`;
    },
    find(id) {
      const path = offered.get(id);
      return path === undefined ? null : { path, name: basename(path) };
    },
  };
}
