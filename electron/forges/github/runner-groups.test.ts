import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import type { DemoTokenName } from '../../demo/github/tokens.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Forge } from '../forge.ts';
import { gitHubForges } from './client.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest({
    posedRunners: [
      { name: 'acme-1', owner: 'acme-corp', labels: ['gpu'] },
      { name: 'acme-2', owner: 'acme-corp', groupId: 2, pose: 'offline' },
    ],
  });
});
afterAll(() => started.stop());

function forgeWith(name: DemoTokenName): Forge {
  const token = started.demo.demoTokens.find((one) => one.name === name)?.token ?? '';
  const createForge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 });
  return createForge({ apiUrl: started.demo.url, token });
}

test('groups that serve a repository come first, the others tell why they do not', async () => {
  const forge = forgeWith('organization-admin');
  expect(await forge.runnerGroups('acme-corp/workshop')).toMatchObject([
    { name: 'Default', excluded: null, runners: [{ name: 'acme-1', status: 'online' }] },
    { name: 'Open source', excluded: null, runners: [] },
    {
      name: 'Vault only',
      excluded:
        'The runner group Vault only serves selected repositories only, and acme-corp/workshop is not one of them.',
      runners: [{ name: 'acme-2', status: 'offline' }],
    },
  ]);
  expect(await forge.runnerGroups('acme-corp/showcase')).toMatchObject([
    { name: 'Open source', excluded: null },
    {
      name: 'Default',
      excluded: 'The runner group Default is not for public repositories, and acme-corp/showcase is public.',
    },
    { name: 'Vault only', excluded: expect.stringContaining('Vault only') },
  ]);
});

test('unchanged groups cost nothing, and are counted', async () => {
  const forge = forgeWith('organization-admin');
  const count = { sent: 0, charged: 0 };
  const meter = {
    sent() {
      count.sent += 1;
    },
    charged() {
      count.charged += 1;
    },
  };
  await forge.runnerGroups('acme-corp/workshop', undefined, meter);
  expect(count).toEqual({ sent: 6, charged: 6 });
  await forge.runnerGroups('acme-corp/workshop', undefined, meter);
  expect(count).toEqual({ sent: 12, charged: 6 });
});

test('there are none that a token may not see, and none above a person', async () => {
  expect(await forgeWith('classic-repo').runnerGroups('octo/forge')).toBeNull();
  expect(await forgeWith('no-admin-right').runnerGroups('acme-corp/showcase')).toBeNull();
  expect(await forgeWith('organization-admin').runnerGroups('acme-corp/nothing')).toBeNull();
});
