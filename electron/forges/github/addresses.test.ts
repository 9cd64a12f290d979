import { expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import { forgeAddress, parseRepository } from './addresses.ts';

test.each([
  [null, 'https://github.com', 'https://api.github.com'],
  ['github.com', 'https://github.com', 'https://api.github.com'],
  ['https://www.github.com/', 'https://github.com', 'https://api.github.com'],
  ['https://api.github.com', 'https://github.com', 'https://api.github.com'],
  ['acme.ghe.com', 'https://acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://git.example.com/', 'https://git.example.com', 'https://git.example.com/api/v3'],
  ['https://git.example.com/api/v3', 'https://git.example.com', 'https://git.example.com/api/v3'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v3'],
  ['http://[::1]:80/api/v3', 'http://[::1]', 'http://[::1]/api/v3'],
])('%s is at %s with its API at %s', (address, webUrl, apiUrl) => {
  expect(forgeAddress(address)).toMatchObject({ webUrl, apiUrl });
});

test.each(['http://git.example.com', 'ftp://git.example.com', 'https://', 'a b'])(
  '%s is refused',
  (address) => {
    expect(() => forgeAddress(address)).toThrowError(TracksideError);
  },
);

test.each([
  ['octo/forge', 'octo/forge'],
  [' octo/forge ', 'octo/forge'],
  ['https://github.com/octo/forge', 'octo/forge'],
  ['https://github.com/octo/forge.git', 'octo/forge'],
  ['https://github.com/octo/forge/actions?query=x', 'octo/forge'],
  ['git@github.com:octo/forge.git', 'octo/forge'],
  ['octo/.github', 'octo/.github'],
])('%s means %s', (text, fullName) => {
  expect(parseRepository(text).fullName).toBe(fullName);
});

test.each(['', 'forge', 'octo/', 'octo/forge/actions', 'oc to/forge', 'octo/..', 'octo/for?ge'])(
  '"%s" is not a repository',
  (text) => {
    expect(() => parseRepository(text)).toThrowError(/is not the name of a repository/);
  },
);
