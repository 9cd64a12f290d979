/** Logs that are kept up to date as long as somebody follows them, once for all who follow the same. */
import type { Clock } from '../platform/clock.ts';
import { createLatest, type Latest } from '../platform/latest.ts';
import type { LogFile } from './log-file.ts';

/** What there is of a log at a moment. */
export interface Sight {
  /** Null while there is none. */
  log: LogFile | null;
  /** It will not grow any more. */
  complete: boolean;
  /** Share that has been fetched from the forge, 0–1; null when it is not fetched or that cannot be told. */
  fetched: number | null;
  /** Why there is nothing to show, in one sentence; null where there is. */
  empty: string | null;
}

/** Keeps one log up to date until `signal` aborts; what it opened, it closes then. */
export type RunFeed = (tools: FeedTools) => Promise<void>;

export interface FeedTools {
  tell(sight: Sight): void;
  signal: AbortSignal;
}

export interface Feed {
  sight(): Sight;
  /** The sight there is, then each newer one; throws what the feed ended with. */
  follow(signal: AbortSignal): AsyncGenerator<Sight>;
  /** Whether it ended by itself. */
  failed(): boolean;
  /** One follower less. */
  release(): void;
}

export interface Feeds {
  /** One follower more for the feed of that name, which is begun where there is none. */
  take(name: string, run: RunFeed): Feed;
  dispose(): Promise<void>;
}

/** How long a log is kept up to date after the last of its followers left: who changes tabs comes back. */
const lingerMs = 20_000;

interface Entry {
  latest: Latest<Sight>;
  failed: boolean;
  followers: number;
  cancelLinger: () => void;
  ending: AbortController;
  ended: Promise<void>;
}

export const nothingYet: Sight = { log: null, complete: false, fetched: null, empty: null };

export function createFeeds({ clock }: { clock: Clock }): Feeds {
  const entries = new Map<string, Entry>();
  const all = new Set<Entry>();
  const forget = (name: string, entry: Entry): void => {
    if (entries.get(name) === entry) entries.delete(name);
  };

  const begin = (name: string, run: RunFeed): Entry => {
    const ending = new AbortController();
    const latest = createLatest<Sight>();
    const entry: Entry = {
      ...{ latest, failed: false, followers: 0, ending },
      cancelLinger: () => {},
      ended: Promise.resolve(),
    };
    entries.set(name, entry);
    all.add(entry);
    entry.ended = run({ tell: latest.set, signal: ending.signal })
      .catch((error: unknown) => {
        if (ending.signal.aborted) return;
        // Whoever asks again gets another try.
        forget(name, entry);
        entry.failed = true;
        latest.end(error);
      })
      .finally(() => all.delete(entry));
    return entry;
  };
  const end = (name: string, entry: Entry): void => {
    entry.cancelLinger();
    forget(name, entry);
    entry.ending.abort();
  };

  return {
    take(name, run) {
      const entry = entries.get(name) ?? begin(name, run);
      entry.cancelLinger();
      entry.followers += 1;
      let released = false;
      return {
        sight: () => entry.latest.current() ?? nothingYet,
        follow: (signal) => entry.latest.follow(signal),
        failed: () => entry.failed,
        release() {
          if (released) return;
          released = true;
          entry.followers -= 1;
          if (entry.followers === 0) entry.cancelLinger = clock.after(lingerMs, () => end(name, entry));
        },
      };
    },
    async dispose() {
      for (const [name, entry] of [...entries]) end(name, entry);
      await Promise.all([...all].map(({ ended }) => ended));
    },
  };
}

/** Another feed, shown as it goes on. */
export interface Mirror {
  sight(): Sight;
  failed(): boolean;
  /** Rejects with what that feed ended with; resolves after `stop`. */
  ended: Promise<void>;
  /** Lets go of the feed. */
  stop(): void;
}

/** @param show called for each sight of the feed */
export function mirror(feed: Feed, show: () => void): Mirror {
  const stopping = new AbortController();
  const ended = (async () => {
    for await (const _ of feed.follow(stopping.signal)) show();
  })();
  ended.catch(() => {});
  return {
    sight: feed.sight,
    failed: feed.failed,
    ended,
    stop() {
      stopping.abort();
      feed.release();
    },
  };
}

/**
 * Which of two to show of a log that was taken down here and that the forge keeps as well: the forge's as soon as all of
 * it is there.
 */
export function better(live: Sight | undefined, kept: Sight): Sight {
  if (!live || (kept.complete && kept.empty === null)) return kept;
  if (live.empty === null) return { ...live, complete: kept.complete, fetched: kept.fetched };
  return kept.log || kept.empty !== null ? kept : { ...live, complete: false };
}

/** Resolves when `signal` has aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
