import { TracksideError } from '../../shared/errors.ts';

/** RATE_LIMITED with the time at which asking again makes sense. */
export class ForgeLimitError extends TracksideError {
  /** Epoch milliseconds. */
  readonly retryAt: number;
  readonly kind: 'hourly' | 'pace';

  /**
   * @param who the forge's host
   * @param retryAt epoch milliseconds
   * @param kind `hourly`: the budget of requests is used up; `pace`: too many in a short time
   */
  constructor(who: string, retryAt: number, kind: 'hourly' | 'pace') {
    const until = `${new Date(retryAt).toISOString().slice(11, 16)} UTC`;
    const what =
      kind === 'hourly'
        ? `${who} has no requests left for this account until ${until}.`
        : `${who} asks to slow down until ${until}.`;
    super('RATE_LIMITED', what, { remedy: 'Wait until then; Trackside goes on by itself.' });
    this.retryAt = retryAt;
    this.kind = kind;
  }
}
