/** Making one call on a link that may break under it. */
import type { ClientLink, ClientOptions } from '@orpc/client';
import { mapEventIterator, ORPCError } from '@orpc/client';
import { ConnectionLostError } from './connection.ts';

type Link = ClientLink<Record<never, never>>;

function isEventStream(output: unknown): output is AsyncIteratorObject<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/**
 * Calls on `link`, telling a broken connection apart from an answer.
 * @param isBroken whether the link's own connection has ended
 * @throws ConnectionLostError when it broke before the answer, or in the middle of an event stream
 */
export async function callOn(
  link: Link,
  isBroken: () => boolean,
  path: readonly string[],
  input: unknown,
  options: ClientOptions<Record<never, never>>,
): Promise<unknown> {
  const translate = (error: unknown): unknown =>
    isBroken() && !options.signal?.aborted && !(error instanceof ORPCError)
      ? new ConnectionLostError(true, error)
      : error;
  try {
    const output = await link.call(path, input, options);
    if (!isEventStream(output)) return output;
    return mapEventIterator(output, {
      value: async (value) => value,
      error: async (error) => translate(error),
    });
  } catch (error) {
    throw translate(error);
  }
}
