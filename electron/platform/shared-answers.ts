/** One answer for all who ask the same at the same time, kept while it is good. */
import type { Clock } from './clock.ts';

export interface SharedAnswers<V> {
  /**
   * The kept answer for `key`, else one `ask` for everybody. The question belongs to nobody: one asker's cancellation
   * (`signal`) ends the waiting of that asker only. A failed answer is not kept.
   */
  get(key: string, ask: () => Promise<V>, signal: AbortSignal): Promise<V>;
  forget(key: string): void;
}

/** @param goodUntil epoch milliseconds until which an answer may be given out */
export function createSharedAnswers<V>(clock: Clock, goodUntil: (answer: V) => number): SharedAnswers<V> {
  const kept = new Map<string, { answer: Promise<V>; until: number }>();
  const askNow = (key: string, ask: () => Promise<V>): Promise<V> => {
    const entry = { answer: ask(), until: Number.POSITIVE_INFINITY };
    kept.set(key, entry);
    entry.answer.then(
      (answer) => {
        entry.until = goodUntil(answer);
      },
      () => kept.get(key) === entry && kept.delete(key),
    );
    return entry.answer;
  };
  return {
    async get(key, ask, signal) {
      signal.throwIfAborted();
      const entry = kept.get(key);
      const answer = await (entry && entry.until > clock.now() ? entry.answer : askNow(key, ask));
      signal.throwIfAborted();
      return answer;
    },
    forget: (key) => void kept.delete(key),
  };
}
