/** The lines of a log that are looked at, asked for in stretches; those that nobody has looked at for long are let go. */

/** Asked for and let go together. */
const stretchLines = 200;
/** Stretches kept at most. */
const mostStretches = 200;
/** Questions under way at once: whoever scrolls far waits for what is in view then. */
const mostQuestions = 2;

export interface LineCache {
  /** The line as it was written; undefined while it has not come. */
  get(line: number): string | undefined;
  /** Takes in lines that came unasked; who puts them tells of them. */
  put(from: number, lines: readonly string[]): void;
  /** Forgets a line that may have become longer. */
  forget(line: number): void;
  /** Asks for a line, if it still is wanted when its turn comes, and keeps it meanwhile. @returns takes the wish back */
  want(line: number): () => void;
  /** Counts answers up. */
  version(): number;
  subscribe(callback: () => void): () => void;
}

/**
 * @param ask fetches lines, fewer than asked for where they are long or not there
 * @param onProblem told of what kept lines from coming; they are asked for again when they are wanted again
 */
export function createLineCache(
  ask: (from: number, count: number) => Promise<string[]>,
  onProblem: (error: unknown) => void = () => {},
): LineCache {
  /** Last looked at last. */
  const held = new Map<number, (string | undefined)[]>();
  const wanted = new Map<number, number>();
  const asking = new Set<number>();
  /** Asked for without an answer; not asked for again before something changes. */
  const missing = new Set<number>();
  const callbacks = new Set<() => void>();
  let version = 0;
  let scheduled = false;

  const stretchOf = (line: number): number => Math.floor(line / stretchLines);
  const get = (line: number): string | undefined => held.get(stretchOf(line))?.[line % stretchLines];
  const changed = (): void => {
    version += 1;
    for (const callback of callbacks) callback();
  };
  const keep = (from: number, lines: readonly string[]): void => {
    for (const [index, text] of lines.entries()) {
      const stretch = stretchOf(from + index);
      const there = held.get(stretch) ?? [];
      // Put last again: it was looked at last.
      held.delete(stretch);
      held.set(stretch, there);
      there[(from + index) % stretchLines] = text;
      missing.delete(from + index);
    }
    letGo();
  };
  const letGo = (): void => {
    if (held.size <= mostStretches) return;
    const inView = new Set([...wanted.keys()].map(stretchOf));
    for (const stretch of held.keys()) {
      if (held.size <= mostStretches) return;
      if (!inView.has(stretch)) held.delete(stretch);
    }
  };
  const askNext = (): void => {
    scheduled = false;
    for (const line of [...wanted.keys()].reverse()) {
      if (asking.size >= mostQuestions) return;
      const stretch = stretchOf(line);
      if (get(line) !== undefined || asking.has(stretch) || missing.has(line)) continue;
      const from = held.has(stretch) ? line : stretch * stretchLines;
      asking.add(stretch);
      ask(from, (stretch + 1) * stretchLines - from)
        .then((lines) => {
          keep(from, lines);
          if (get(line) === undefined) missing.add(line);
        }, onFailure(line))
        .finally(() => {
          asking.delete(stretch);
          changed();
          askNext();
        });
    }
  };
  const onFailure =
    (line: number) =>
    (error: unknown): void => {
      missing.add(line);
      onProblem(error);
    };
  /** Together with the wishes of the same moment. */
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(askNext);
  };

  return {
    get,
    put(from, lines) {
      keep(from, lines);
      missing.clear();
      schedule();
    },
    forget(line) {
      const stretch = held.get(stretchOf(line));
      if (stretch) stretch[line % stretchLines] = undefined;
    },
    want(line) {
      wanted.set(line, (wanted.get(line) ?? 0) + 1);
      schedule();
      return () => {
        const left = (wanted.get(line) ?? 1) - 1;
        if (left > 0) wanted.set(line, left);
        else {
          wanted.delete(line);
          missing.delete(line);
        }
      };
    },
    version: () => version,
    subscribe(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
