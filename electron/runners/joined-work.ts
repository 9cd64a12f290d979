/** Work that many wait for and that is done once: everybody gets its progress, and it ends when nobody wants it. */

export interface JoinedWork<Report, Result> {
  /**
   * Joins the work named `key`, starting it where nobody has. The reports so far that still matter are given at once.
   * @throws what the work throws, or the signal's reason; the others are not held back by it
   */
  join(key: string, options: Joining<Report, Result>): Promise<Result>;
  /** Aborts all work and resolves when it has ended. */
  dispose(reason: Error): Promise<void>;
}

interface Joining<Report, Result> {
  signal: AbortSignal;
  onReport(report: Report): void;
  /** Called only when it is not under way already. */
  begin(report: (report: Report) => void, signal: AbortSignal): Promise<Result>;
}

interface Work<Report, Result> {
  result: Promise<Result>;
  abort: AbortController;
  watchers: Set<(report: Report) => void>;
  latest: Map<string, Report>;
}

/** @param topicOf of two reports with the same topic only the later one matters */
export function createJoinedWork<Report, Result>(
  topicOf: (report: Report) => string,
): JoinedWork<Report, Result> {
  const works = new Map<string, Work<Report, Result>>();
  const running = new Set<Work<Report, Result>>();

  const start = (key: string, begin: Joining<Report, Result>['begin']): Work<Report, Result> => {
    const abort = new AbortController();
    const watchers = new Set<(report: Report) => void>();
    const latest = new Map<string, Report>();
    const report = (news: Report): void => {
      latest.set(topicOf(news), news);
      for (const watch of watchers) watch(news);
    };
    const work: Work<Report, Result> = {
      abort,
      watchers,
      latest,
      // Begun in a microtask, so that the first report meets the first watcher.
      result: Promise.resolve().then(() => begin(report, abort.signal)),
    };
    works.set(key, work);
    running.add(work);
    const end = (): void => {
      running.delete(work);
      if (works.get(key) === work) works.delete(key);
    };
    work.result.then(end, end);
    return work;
  };

  return {
    async join(key, { signal, onReport, begin }) {
      signal.throwIfAborted();
      const work = works.get(key) ?? start(key, begin);
      const watch = (report: Report): void => onReport(report);
      work.watchers.add(watch);
      for (const report of work.latest.values()) watch(report);
      try {
        return await orAborted(work.result, signal);
      } finally {
        work.watchers.delete(watch);
        if (work.watchers.size === 0 && running.has(work)) {
          works.delete(key);
          work.abort.abort(signal.reason);
        }
      }
    },
    async dispose(reason) {
      for (const work of running) work.abort.abort(reason);
      await Promise.allSettled([...running].map(({ result }) => result));
    },
  };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
