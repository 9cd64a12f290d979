/** What an incident comes of, as the board shows it now. */
import type { Incident, Repair } from '../../shared/model.ts';

export interface Cause {
  /** Names it, also over a restart: two causes with the same key are one. */
  key: string;
  kind: Incident['kind'];
  title: string;
  sentence: string;
  /** Epoch milliseconds; null = since it was first seen. */
  since: number | null;
  /** Whether it is told at once: it does not pass by itself within a minute. */
  isSure: boolean;
  jobs: number;
  repositoryId: string | null;
  waitId: string | null;
  poolId: string | null;
  runnerId: string | null;
  repairs: Repair[];
}

/** A cause with what is usual where nothing is given. */
export function cause(given: Pick<Cause, 'key' | 'kind' | 'title' | 'sentence'> & Partial<Cause>): Cause {
  return {
    since: null,
    isSure: false,
    jobs: 0,
    repositoryId: null,
    waitId: null,
    poolId: null,
    runnerId: null,
    repairs: [],
    ...given,
  };
}

/** A key of a cause is its kind and what it is about. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join(':');
}
