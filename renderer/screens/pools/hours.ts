/** A span of the day, as a person enters it. */
import type { Neighbour } from '../../../shared/model.ts';
import { type Checked, right, wrong } from '../deploy/checked.ts';

/** The fields; they are kept while their tick is away. */
export interface HoursTerms {
  byHours: boolean;
  /** HH:MM, as typed. */
  from: string;
  to: string;
  /** 0 = Sunday … 6 = Saturday. */
  days: readonly number[];
}

const everyDay = [0, 1, 2, 3, 4, 5, 6];

/** The fields as they stand for a span; without one, as they are when it is ticked for the first time. */
export function hoursTermsOf(hours: Neighbour['hours']): HoursTerms {
  return {
    byHours: hours !== null,
    from: hours?.from ?? '20:00',
    to: hours?.to ?? '07:00',
    days: hours?.days ?? everyDay,
  };
}

const timeOfDay = /^([01]?\d|2[0-3]):[0-5]\d$/;

/** Reads the fields; the span is null when it is not wanted. */
export function readHours({ byHours, from, to, days }: HoursTerms): Checked<{ span: Neighbour['hours'] }> {
  if (!byHours) return right({ span: null });
  const [start, end] = [from.trim(), to.trim()];
  const odd = [start, end].find((time) => !timeOfDay.test(time));
  if (odd !== undefined) {
    return wrong(odd === '' ? 'Say from when to when.' : `“${odd}” is not a time of day, like 20:00.`);
  }
  if (start.padStart(5, '0') === end.padStart(5, '0')) {
    return wrong('The hours begin when they end. Choose a span, or take the tick away.');
  }
  if (days.length === 0) return wrong('Choose at least one day, or take the tick away.');
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  return right({ span: { from: start.padStart(5, '0'), to: end.padStart(5, '0'), days: sorted } });
}
