/** Turns what a procedure throws into what a client may see. Nothing that is not meant for a person crosses a door. */
import { mapEventIterator, ORPCError } from '@orpc/client';
import { ValidationError } from '@orpc/contract';
import { type ErrorData, errorMap, TracksideError } from '../../shared/errors.ts';

/** Told of every error that is a fault of Trackside itself, with the procedure's dotted path. */
export type ReportFault = (error: unknown, procedure: string) => void;

/** Writes a fault's stack to standard error; never the error's other properties, which may hold request headers. */
export const reportFaultToStderr: ReportFault = (error, procedure) => {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`trackside: ${procedure} failed: ${trace}\n`);
};

function wrongInput(error: ORPCError<string, unknown>): ORPCError<string, ErrorData> {
  const issue = error.cause instanceof ValidationError ? error.cause.issues[0] : undefined;
  const field = issue?.path
    ?.map((segment) => String(typeof segment === 'object' ? segment.key : segment))
    .join('.');
  const where = field ? `“${field}”` : 'The request';
  return new ORPCError('INVALID_REQUEST', {
    status: errorMap.INVALID_REQUEST.status,
    message: `${where} is not as expected${issue ? `: ${issue.message}` : '.'}`,
    data: { remedy: null, field: field || null },
  });
}

/**
 * The error a client gets for `error`.
 * A `TracksideError` keeps its code, message and data; refused input names its field; anything else is reported as a
 * fault and replaced by a sentence without detail.
 */
export function toClientError(
  error: unknown,
  path: readonly string[],
  report: ReportFault,
): ORPCError<string, unknown> {
  if (error instanceof TracksideError) {
    const { code, message, data } = error;
    return new ORPCError(code, { status: errorMap[code].status, message, data });
  }
  if (error instanceof ORPCError) {
    if (error.code in errorMap) return error;
    if (error.code === 'BAD_REQUEST') return wrongInput(error);
  }
  const procedure = path.join('.');
  report(error instanceof ORPCError ? (error.cause ?? error) : error, procedure);
  return new ORPCError('INTERNAL_SERVER_ERROR', {
    message: `Trackside could not do this because of a fault of its own (${procedure}). Its log has the details.`,
  });
}

interface Call {
  next: () => Promise<unknown>;
  path: readonly string[];
  signal?: AbortSignal | undefined;
}

function isEventStream(output: unknown): output is AsyncIteratorObject<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

/** Interceptor for oRPC handlers: applies `toClientError` to what a call throws, and to what its event stream throws. */
export function createErrorInterceptor(report: ReportFault): (call: Call) => Promise<unknown> {
  return async ({ next, path, signal }) => {
    const translate = (error: unknown): unknown =>
      signal?.aborted ? error : toClientError(error, path, report);
    try {
      const output = await next();
      if (!isEventStream(output)) return output;
      return mapEventIterator(output, {
        value: async (value) => value,
        error: async (error) => translate(error),
      });
    } catch (error) {
      throw translate(error);
    }
  };
}
