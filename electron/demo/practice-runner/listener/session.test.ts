import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../common/access-tokens.ts';
import { createServiceCaller } from '../common/service.ts';
import { openSmallServer, type SmallServer } from '../testing/small-server.ts';
import { SessionConflict, Terminated, VersionDeprecated } from './exit-codes.ts';
import { createMessages } from './messages.ts';
import { type BrokerContext, createSession } from './session.ts';
import type { Terminal } from './terminal.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let server: SmallServer;
afterEach(() => server.close());

type Answers = Record<string, (times: number) => { status: number; body?: unknown } | null>;

const token = () => ({ status: 200, body: { access_token: 'T', expires_in: 3000 } });
const session = () => ({ status: 200, body: { sessionId: 'S' } });

/** A server that answers by path, and a clock that waits for nothing but remembers how long it should have. */
async function setUp(answers: Answers) {
  const counts = new Map<string, number>();
  server = await openSmallServer(({ path }) => {
    const [plain = ''] = path.split('?');
    const times = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, times);
    return answers[plain]?.(times) ?? null;
  });
  const errors: string[] = [];
  const lines: string[] = [];
  const waits: number[] = [];
  const shutdown = new AbortController();
  const clock: Clock = {
    ...systemClock,
    async sleep(delayMs) {
      waits.push(delayMs);
      shutdown.signal.throwIfAborted();
    },
  };
  const terminal: Terminal = {
    write: () => {},
    writeLine: (text = '') => void lines.push(text),
    writeError: (text) => void errors.push(text),
    section: () => {},
    success: (text) => void lines.push(`√ ${text}`),
    readLine: async () => null,
  };
  const tokens = createAccessTokens({ clientId: 'C', authorizationUrl: `${server.url}/token`, privateKey });
  const context: BrokerContext = {
    settings: {
      AgentId: 1,
      AgentName: 'one',
      PoolId: 1,
      PoolName: 'Default',
      ServerUrl: server.url,
      WorkFolder: '_work',
      UseV2Flow: true,
      ServerUrlV2: server.url,
    },
    release: { version: '2.336.0', os: 'Linux', architecture: 'X64' },
    tokens,
    call: createServiceCaller(tokens),
    terminal,
    trace: { info: () => {}, error: () => {} },
    clock,
    shutdown: shutdown.signal,
  };
  return { context, errors, lines, waits, shutdown };
}

const untimed = (lines: string[]) => lines.map((line) => line.replace(/^[-0-9: ]+Z: /, ''));
const refused = (description: string) => () => ({
  status: 400,
  body: { error: 'invalid_client', error_description: description },
});

test('a clock that is off is told at every try, for half an hour', async () => {
  const { context, errors, waits } = await setUp({ '/token': refused('Current server time is 2026.') });
  await expect(createSession(context)).rejects.toThrow(Terminated);
  expect(
    errors.filter((line) => line.startsWith('The local machine’s clock'.replace('’', "'"))),
  ).toHaveLength(60);
  expect(errors.slice(-2)).toEqual([
    'Stopped retrying OAuth token request exception after 1800 seconds.',
    'Failed to create session. Current server time is 2026.',
  ]);
  expect(waits).toEqual(Array.from({ length: 59 }, () => 30_000));
});

test('a registration that is gone is told at once', async () => {
  const { context, errors, waits } = await setUp({ '/token': refused('Registration C was not found.') });
  await expect(createSession(context)).rejects.toThrow(Terminated);
  expect(errors).toHaveLength(1);
  expect(waits).toEqual([]);
});

test('a session conflict is waited out for 240 seconds', async () => {
  const { context, waits } = await setUp({ '/token': token, '/session': () => ({ status: 409 }) });
  await expect(createSession(context)).rejects.toThrow(SessionConflict);
  expect(waits).toEqual(Array.from({ length: 7 }, () => 30_000));
});

test('a server that fails is waited for without end, and told once', async () => {
  const { context, errors, lines } = await setUp({
    '/token': token,
    '/session': (times) => (times < 20 ? { status: 503 } : session()),
  });
  expect(await createSession(context)).toBe('S');
  expect(untimed(errors)).toEqual([
    'Runner connect error: Response status code does not indicate success: 503 (Service Unavailable).. Retrying until reconnected.',
  ]);
  expect(untimed(lines).at(-1)).toBe('Runner reconnected.');
});

test('a stop ends the waiting', async () => {
  const { context, shutdown } = await setUp({ '/token': () => null });
  const waiting = createSession(context);
  shutdown.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('polling backs off gently, then more, and gives up after ten errors', async () => {
  const { context, errors, waits } = await setUp({ '/token': token, '/message': () => ({ status: 502 }) });
  const messages = createMessages(context, 'S', () => 0.5);
  await expect(messages.next(new AbortController().signal)).rejects.toThrow('502 (Bad Gateway)');
  expect(waits).toEqual([22_500, 22_500, 22_500, 22_500, 22_500, 45_000, 45_000, 45_000, 45_000]);
  expect(errors).toHaveLength(1);
});

test('an answer after errors is told, and the count begins anew', async () => {
  const message = { messageId: 1, messageType: 'X', body: '{}' };
  const { context, lines } = await setUp({
    '/token': token,
    '/message': (times) =>
      times % 8 === 0 ? { status: 200, body: message } : times % 8 === 7 ? { status: 202 } : { status: 502 },
  });
  const messages = createMessages(context, 'S', Math.random);
  const { signal } = new AbortController();
  expect(await messages.next(signal)).toEqual(message);
  expect(await messages.next(signal)).toEqual(message);
  expect(untimed(lines)).toEqual(['Runner reconnected.', 'Runner reconnected.']);
});

test.each([
  [
    { status: 403, body: { message: 'Runner version v2.1.0 is deprecated and cannot receive messages.' } },
    VersionDeprecated,
  ],
  [{ status: 403, body: { message: 'Forbidden' } }, Terminated],
])('%j ends it', async (answer, kind) => {
  const { context } = await setUp({ '/token': token, '/message': () => answer });
  await expect(createMessages(context, 'S', Math.random).next(new AbortController().signal)).rejects.toThrow(
    kind,
  );
});

test('an expired session is replaced by a new one', async () => {
  const message = { messageId: 1, messageType: 'X', body: '{}' };
  const { context } = await setUp({
    '/token': token,
    '/session': () => ({ status: 200, body: { sessionId: 'S2' } }),
    '/message': (times) => (times < 3 ? { status: 401 } : { status: 200, body: message }),
  });
  const messages = createMessages(context, 'S', Math.random);
  expect(await messages.next(new AbortController().signal)).toEqual(message);
  expect(messages.sessionId()).toBe('S2');
});
