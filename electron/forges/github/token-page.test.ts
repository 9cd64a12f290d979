import { expect, test } from 'vitest';
import { forgeAddress, parseRepository } from './addresses.ts';
import { tokenPage } from './token-page.ts';

test('github.com is asked to fill in all but the repository', () => {
  const { url, prefilled, byHand } = tokenPage(forgeAddress(null), parseRepository('octo/forge'));
  const { origin, pathname, searchParams } = new URL(url);
  expect(origin + pathname).toBe('https://github.com/settings/personal-access-tokens/new');
  expect(Object.fromEntries(searchParams)).toMatchObject({
    name: 'Trackside octo/forge',
    target_name: 'octo',
    expires_in: '90',
    administration: 'write',
    actions: 'write',
    contents: 'read',
  });
  expect(prefilled).toContain('Administration: read and write');
  expect(byHand.join(' ')).toContain('octo/forge');
});

test('the name keeps within the 40 characters that GitHub allows', () => {
  const repository = parseRepository('a-rather-long-organisation/an-even-longer-repository');
  expect(new URL(tokenPage(forgeAddress(null), repository).url).searchParams.get('name')).toHaveLength(40);
});

test('without a repository the owner is left to the person', () => {
  const { url, byHand } = tokenPage(forgeAddress('acme.ghe.com'), null);
  expect(new URL(url).host).toBe('acme.ghe.com');
  expect(new URL(url).searchParams.has('target_name')).toBe(false);
  expect(byHand[0]).toContain('Resource owner');
});

test('an Enterprise Server gets its plain page and the whole list', () => {
  const { url, prefilled, byHand } = tokenPage(
    forgeAddress('git.example.com'),
    parseRepository('octo/forge'),
  );
  expect(url).toBe('https://git.example.com/settings/personal-access-tokens/new');
  expect(prefilled).toEqual([]);
  expect(byHand.join(' ')).toContain('Administration: read and write');
});
