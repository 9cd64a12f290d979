import { expect, test } from 'vitest';
import { readServer } from './server.ts';

test.each([
  ['', null, 'github.com'],
  ['github.com', null, 'github.com'],
  ['https://www.github.com/octo/forge', null, 'github.com'],
  ['https://api.github.com', null, 'github.com'],
  ['github.example.com', 'https://github.example.com/api/v3', 'github.example.com'],
  ['https://GitHub.Example.com/', 'https://github.example.com/api/v3', 'github.example.com'],
  ['https://github.example.com/api/v3', 'https://github.example.com/api/v3', 'github.example.com'],
  ['https://git.corp:8443/octo', 'https://git.corp:8443/api/v3', 'git.corp:8443'],
  ['octocorp.ghe.com', 'https://api.octocorp.ghe.com', 'octocorp.ghe.com'],
  ['https://api.octocorp.ghe.com', 'https://api.octocorp.ghe.com', 'octocorp.ghe.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v3', '127.0.0.1:8080'],
  ['http://localhost:8080/', 'http://localhost:8080/api/v3', 'localhost:8080'],
])('reads %j', (text, apiUrl, host) => {
  expect(readServer(text)).toEqual({ ok: true, apiUrl, host });
});

test.each([
  ['corporate', '“corporate” is not an address. It looks like github.example.com.'],
  ['not an address', '“not an address” is not an address. It looks like github.example.com.'],
  [
    'ftp://github.example.com',
    '“ftp://github.example.com” is not an address. It looks like github.example.com.',
  ],
  ['javascript:alert(1)', '“javascript:alert(1)” is not an address. It looks like github.example.com.'],
  ['http://github.example.com', 'A token must not travel unencrypted. Use https://github.example.com.'],
  [
    'https://me:x@github.example.com',
    'Leave the login out of the address; the token goes into its own field.',
  ],
])('refuses %j', (text, problem) => {
  expect(readServer(text)).toEqual({ ok: false, problem });
});
