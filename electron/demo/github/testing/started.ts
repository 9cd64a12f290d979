/** Starts a demo GitHub for one test file, with a stand-in for the practice runner's archive. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildArchive } from '../archives.ts';
import { type DemoGitHub, type DemoGitHubOptions, startDemoGitHub } from '../server.ts';
import type { DemoTokenName } from '../tokens.ts';

/** Writes a file that is no archive but has a checksum. */
export const buildStandIn: BuildArchive = async ({ os, architecture, version, destination }) => {
  const content = Buffer.from(`practice runner ${os} ${architecture} ${version}\n`.repeat(200));
  await writeFile(destination, content);
  return {
    path: destination,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
  };
};

export interface RestOptions {
  body?: unknown;
  token?: DemoTokenName | null;
  headers?: Record<string, string>;
}

export interface RestAnswer<Body> {
  status: number;
  body: Body;
  text: string;
  headers: Headers;
}

export interface StartedDemo {
  demo: DemoGitHub;
  folder: string;
  /** A REST call; with the full token unless another is named, `null` for none. `Body` is what the caller expects. */
  rest<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options?: RestOptions,
  ): Promise<RestAnswer<Body>>;
  /** A registration or remove token of octo/forge. */
  runnerToken(kind?: 'registration' | 'remove'): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it in a temporary folder. */
export async function startForTest(options: Partial<DemoGitHubOptions> = {}): Promise<StartedDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-demo-github-'));
  const demo = await startDemoGitHub({
    archiveFolder: join(folder, 'archives'),
    buildArchive: buildStandIn,
    ...options,
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const rest: StartedDemo['rest'] = async (method, path, { body, token = 'full', headers = {} } = {}) => {
    const value = demo.demoTokens.find((candidate) => candidate.name === token)?.token;
    const response = await fetch(`${demo.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(token === null ? {} : { Authorization: `Bearer ${value}` }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : undefined,
      text,
      headers: response.headers,
    };
  };
  return {
    demo,
    folder,
    rest,
    async runnerToken(kind = 'registration') {
      const path = `/repos/octo/forge/actions/runners/${kind}-token`;
      return (await rest<{ token: string }>('POST', path)).body.token;
    },
    async stop() {
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
