/**
 * How far this machine's clock is off each server's, from the `Date` header of the answers that come anyway: Node tells
 * of every answer to `fetch` on a diagnostics channel, so that nothing is asked for it and no client has to take part.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Clock } from '../../platform/clock.ts';

/** undici's, which is Node's `fetch`. */
const channel = 'undici:request:headers';

export interface ForgeClock {
  /** This machine's clock minus the server's, as its last answer told; null while unknown. @param url any on it */
  skewMs(url: string): number | null;
  dispose(): void;
}

/** Begins to listen; to the second, which is what the header tells. */
export function createForgeClock({ clock }: { clock: Pick<Clock, 'now'> }): ForgeClock {
  const skews = new Map<string, number>();
  const onAnswer = (message: unknown): void => {
    const { request, response } = message as {
      request: { origin: string | URL };
      response: { headers: Buffer[] };
    };
    const sentAt = dateOf(response.headers);
    if (sentAt !== null) skews.set(new URL(request.origin).origin, clock.now() - sentAt);
  };
  subscribe(channel, onAnswer);
  return {
    skewMs: (url) => skews.get(new URL(url).origin) ?? null,
    dispose: () => void unsubscribe(channel, onAnswer),
  };
}

/** @param headers names and values by turns. @returns epoch milliseconds; null without a date */
function dateOf(headers: readonly Buffer[]): number | null {
  const name = headers.findIndex(
    (word, index) => index % 2 === 0 && word.toString().toLowerCase() === 'date',
  );
  const at = name < 0 ? Number.NaN : Date.parse(String(headers[name + 1]));
  return Number.isNaN(at) ? null : at;
}
