/** What a field's text turned out to be: a value, or the sentence that stands beside the field. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problem: string };

export const right = <T>(value: T): Checked<T> => ({ ok: true, value });
export const wrong = (problem: string): Checked<never> => ({ ok: false, problem });
