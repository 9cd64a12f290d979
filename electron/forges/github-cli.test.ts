import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGitHubCli, parseAuthStatus } from './github-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-gh-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ghInstalled = (await execa('gh', ['--version'], { reject: false })).exitCode === 0;

test.each([
  ['github.com\n  ✓ Logged in to github.com as octo (/home/o/.config/gh/hosts.yml)\n', 'octo'],
  ['github.com\n  ✓ Logged in to github.com account octo (keyring)\n  - Active account: true\n', 'octo'],
])('%j names the login', (text, login) => {
  expect(parseAuthStatus(text)).toEqual([{ host: 'github.com', login }]);
});

test('several hosts', () => {
  const text =
    '✓ Logged in to github.com account a (keyring)\n✓ Logged in to acme.ghe.com account b (keyring)';
  expect(parseAuthStatus(text)).toEqual([
    { host: 'github.com', login: 'a' },
    { host: 'acme.ghe.com', login: 'b' },
  ]);
});

test('not logged in', () => {
  expect(
    parseAuthStatus('You are not logged into any GitHub hosts. Run gh auth login to authenticate.'),
  ).toEqual([]);
});

test('no such program', async () => {
  const cli = createGitHubCli({ command: join(folder, 'no-such-gh') });
  expect(await cli.login()).toBeNull();
  expect(await cli.token('github.com')).toBeNull();
});

test.skipIf(!ghInstalled)('the real gh gives the login of its configuration (needs gh)', async () => {
  await writeFile(
    join(folder, 'hosts.yml'),
    'github.com:\n    user: octo\n    oauth_token: gho_fromTheFile\n',
  );
  const cli = createGitHubCli({
    env: { GH_CONFIG_DIR: folder, GH_TOKEN: '', GITHUB_TOKEN: '', GH_HOST: '' },
  });
  expect(await cli.login()).toMatchObject({ host: 'github.com' });
  expect(await cli.token('github.com')).toBe('gho_fromTheFile');
  expect(await cli.token('other.example.com')).toBeNull();
});

test.skipIf(process.platform === 'win32')('a gh that hangs is not waited for', async () => {
  const command = join(folder, 'hanging-gh');
  await writeFile(command, '#!/bin/sh\nexec sleep 600\n');
  await chmod(command, 0o755);
  expect(await createGitHubCli({ command, timeoutMs: 50 }).login()).toBeNull();
});

test.skipIf(process.platform === 'win32')('a current gh with the login at a company', async () => {
  const command = join(folder, 'gh');
  await writeFile(
    command,
    `#!/bin/sh
case "$*" in
  "auth status") echo "acme.ghe.com"; echo "  ✓ Logged in to acme.ghe.com account mona (keyring)";;
  "auth token --hostname acme.ghe.com") echo gho_ofTheCompany;;
  *) exit 1;;
esac
`,
  );
  await chmod(command, 0o755);
  const cli = createGitHubCli({ command, env: { GH_HOST: '' } });
  expect(await cli.login()).toEqual({ host: 'acme.ghe.com', login: 'mona' });
  expect(await cli.token('acme.ghe.com')).toBe('gho_ofTheCompany');
});
