/** A value that goes on changing, for whoever wants to know what it is now: what came in between is skipped. */

export interface Latest<T> {
  current(): T | null;
  set(value: T): void;
  /** No value comes any more; with an error, whoever follows gets it after the last value. */
  end(error?: unknown): void;
  /** The value there is, then each newer one, until the end or until `signal` aborts. Throws what it ended with. */
  follow(signal?: AbortSignal): AsyncGenerator<T, void, undefined>;
}

/** Creates one without a value. */
export function createLatest<T>(): Latest<T> {
  let state: { value: T } | null = null;
  let ended: { error: unknown } | null = null;
  let changed = Promise.withResolvers<void>();
  const tell = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  return {
    current: () => state?.value ?? null,
    set(value) {
      if (ended) return;
      state = { value };
      tell();
    },
    end(error = null) {
      ended ??= { error };
      tell();
    },
    async *follow(signal) {
      let seen: typeof state = null;
      const onAbort = (): void => tell();
      signal?.addEventListener('abort', onAbort);
      try {
        while (!signal?.aborted) {
          if (state !== seen && state) {
            seen = state;
            yield seen.value;
          } else if (ended) {
            if (ended.error !== null) throw ended.error;
            return;
          } else await changed.promise;
        }
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
