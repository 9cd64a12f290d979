/** The present, for what counts while one looks at it. */
import { useSyncExternalStore } from 'react';
import { engineClock } from './clock.ts';

interface Ticker {
  subscribe(callback: () => void): () => void;
  now(): number;
}

/** A timer shared by all who ask for the same interval; it runs only while somebody listens. */
function createTicker(intervalMs: number): Ticker {
  const callbacks = new Set<() => void>();
  const floor = (): number => Math.floor(engineClock.at(Date.now()) / intervalMs) * intervalMs;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const schedule = (): void => {
    const untilNextMs = intervalMs - (engineClock.at(Date.now()) % intervalMs);
    timer = setTimeout(() => {
      for (const callback of [...callbacks]) callback();
      if (callbacks.size > 0) schedule();
    }, untilNextMs + 1);
  };
  return {
    subscribe(callback) {
      callbacks.add(callback);
      if (callbacks.size === 1) schedule();
      return () => {
        callbacks.delete(callback);
        if (callbacks.size === 0 && timer !== null) clearTimeout(timer);
      };
    },
    now: floor,
  };
}

const tickers = new Map<number, Ticker>();

function tickerOf(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known) return known;
  const made = createTicker(intervalMs);
  tickers.set(intervalMs, made);
  return made;
}

/**
 * The engine's time, epoch milliseconds, renewed every `intervalMs`. Put it in the smallest component that shows it.
 */
export function useNow(intervalMs = 1000): number {
  const ticker = tickerOf(intervalMs);
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
