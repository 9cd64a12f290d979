import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());

async function ask(query: string, variables: Record<string, unknown> = {}, path = '/graphql') {
  const answer = await started.rest<{ data: unknown; errors?: { message: string; type?: string }[] }>(
    'POST',
    path,
    {
      body: { query, variables },
    },
  );
  return answer.body;
}

test('answers fields, aliases, variables, arguments and fragments with real data', async () => {
  const query = `
    fragment repo on Repository { id name owner { login } } # a comment
    query Info($owner: String!, $name: String = "forge", $unused: [Int!]) {
      viewer { me: login ... on User { name } ... on Organization { databaseId } }
      repository(owner: $owner, name: $name) { ...repo defaultBranchRef { name target { oid } } parent { ...repo } }
    }`;
  for (const path of ['/graphql', '/api/graphql']) {
    expect(await ask(query, { owner: 'octo' }, path)).toEqual({
      data: {
        viewer: { me: 'octo', name: 'Octo Forge' },
        repository: {
          id: expect.stringMatching(/^R_/),
          name: 'forge',
          owner: { login: 'octo' },
          defaultBranchRef: { name: 'main', target: { oid: expect.stringMatching(/^[0-9a-f]{40}$/) } },
          parent: null,
        },
      },
    });
  }
});

test('says what it does not have', async () => {
  const missing = await ask('{ repository(owner: "octo", name: "nothing") { id } }');
  expect(missing).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND' }] });
  expect((await ask('{ viewer { wings } }')).errors?.[0]?.message).toBe(
    "Field 'wings' doesn't exist on type 'User'",
  );
  expect((await ask('{ viewer { login ')).errors?.[0]?.message).toContain('ends too early');
  expect((await ask('mutation { addStar { id } }')).errors?.[0]?.message).toContain('queries only');
});

test('tells which fields a type has', async () => {
  const { data } = await ask(
    'query Repository_fields{Repository: __type(name:"Repository"){fields(includeDeprecated:true){name}}}',
  );
  expect(data).toMatchObject({
    Repository: { fields: expect.arrayContaining([{ name: 'viewerPermission' }]) },
  });
  expect((await ask('{ __type(name: "Nothing") { name } }')).data).toEqual({ __type: null });
});

test('needs a token', async () => {
  expect(
    (await started.rest('POST', '/graphql', { token: null, body: { query: '{ viewer { login } }' } })).status,
  ).toBe(401);
});
