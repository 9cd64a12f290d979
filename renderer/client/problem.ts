/** A refusal as a screen shows it. */
import { ORPCError } from '@orpc/client';
import type { ErrorData } from '../../shared/errors.ts';
import { ConnectionLostError } from './connection.ts';

export interface ShownProblem {
  /** A code of the contract, `CONNECTION_LOST`, or `FAULT`. */
  code: string;
  /** What happened, to what. */
  message: string;
  /** What to do; null when the message says it all. */
  remedy: string | null;
  /** The input field it belongs to; null when none. */
  field: string | null;
}

function isErrorData(data: unknown): data is ErrorData {
  return typeof data === 'object' && data !== null && 'remedy' in data && 'field' in data;
}

/** Describes whatever a call of the client rejected with. */
export function problemOf(error: unknown): ShownProblem {
  if (error instanceof ORPCError && isErrorData(error.data)) {
    const { remedy, field } = error.data;
    return { code: error.code, message: error.message, remedy, field };
  }
  if (error instanceof ConnectionLostError) {
    const remedy = error.sent
      ? 'Look whether it was done once the panel is connected again, then repeat it if needed.'
      : 'Wait until the panel is connected again, then repeat it.';
    return { code: 'CONNECTION_LOST', message: error.message, remedy, field: null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'FAULT', message, remedy: null, field: null };
}
