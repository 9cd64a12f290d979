/** The named errors of the contract. Every one carries a sentence a person can act on. */
import { z } from 'zod';

export const errorDataSchema = z.object({
  /** What to do about it; null when the message says it all. */
  remedy: z.string().nullable(),
  /** The input field it belongs to, e.g. `count`; null when none. */
  field: z.string().nullable(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

const entry = (status: number) => ({ status, data: errorDataSchema });

export const errorMap = {
  /** The request itself is wrong: a count, a name, a label. */
  INVALID_REQUEST: entry(422),
  /** The thing named does not exist (any more). */
  UNKNOWN: entry(404),
  /** It exists but cannot be done now: busy, already removing, no room. */
  CONFLICT: entry(409),
  /** The forge refused the token. */
  TOKEN_REFUSED: entry(401),
  /** The token is good but lacks a right. */
  PERMISSION_MISSING: entry(403),
  /** The forge, or the network between, does not answer. */
  FORGE_UNREACHABLE: entry(503),
  /** The forge asks to wait. */
  RATE_LIMITED: entry(429),
  /** This host cannot do it. */
  UNSUPPORTED: entry(501),
  /** Disk, permissions, processes of this host. */
  HOST_FAILED: entry(507),
} as const;
export type ErrorCode = keyof typeof errorMap;

/** The exception used inside the engine; doors turn it into the contract's error of the same code. */
export class TracksideError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  /**
   * @param code one of the contract's codes
   * @param message one sentence: what happened, to what
   * @param data `remedy`: what to do; `field`: the input it belongs to
   */
  constructor(code: ErrorCode, message: string, data: Partial<ErrorData> & { cause?: unknown } = {}) {
    super(message, { cause: data.cause });
    this.name = 'TracksideError';
    this.code = code;
    this.data = { remedy: data.remedy ?? null, field: data.field ?? null };
  }
}
