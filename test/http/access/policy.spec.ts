import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import { POLICY_BYTES_MAX } from '../../../src/access/policy/policy-document.js';
import { newDatabase } from '../../support/new-database.js';
import { makeFolder } from '../../support/temp-folder.js';
import { CheckedClient } from '../../support/schema-client.js';
import { ADMIN_KEY, ALICE, BOB, startServerOn } from '../../support/server.js';
import { acquire, expectError, newName, useServer } from '../suite.js';
import { applyPolicy, policyText, removePolicy } from './policy-suite.js';

const suite = useServer();

const POLICY = `# The teams
grants:
  - to: [static:alice]
    may: [acquire]
    on: [billing/*]
`;

function put(text: string, ifMatch: string | null): Promise<Reply> {
  return suite.operator.call('PUT', '/admin/policy', {
    body: { text },
    headers: ifMatch === null ? {} : { 'if-match': ifMatch },
  });
}

beforeEach(() => removePolicy(suite));

async function present(): Promise<number> {
  return Number((await suite.operator.get('/admin/policy')).body['version']);
}

test('a policy is shown as it was sent, with its version as ETag', async () => {
  const before = await present();
  const applied = await put(POLICY, `"${before}"`);
  expect(applied).toMatchObject({ status: 200, body: { version: before + 1, text: POLICY, warnings: [] } });
  const { body, headers } = await suite.operator.get('/admin/policy');
  expect(body).toMatchObject({
    version: before + 1,
    removed: false,
    text: POLICY,
    applied_by: 'administrator',
  });
  expect(headers.get('etag')).toBe(`"${before + 1}"`);
});

test('a policy that is in force already does not become another version', async () => {
  const { body } = await put(POLICY, '*');
  expect((await put(POLICY, `"${String(body['version'])}"`)).body).toMatchObject({
    version: body['version'],
  });
});

test('a change is refused if another version is in force than the one it replaces', async () => {
  const before = await present();
  await put(POLICY, `"${before}"`);
  const late = await put(`${POLICY}# late\n`, `"${before}"`);
  expectError(late, 'policy_changed');
  expect(late.body['details']).toBe(`The present version is ${before + 1}.`);
  const headers = { 'if-match': `"${before}"` };
  expectError(await suite.operator.call('DELETE', '/admin/policy', { headers }), 'policy_changed');
  expect((await suite.operator.get('/admin/policy')).body).toMatchObject({ text: POLICY });
});

test('of two changes of the same version, one is applied', async () => {
  const before = await present();
  const replies = await Promise.all([1, 2].map((number) => put(`${POLICY}# ${number}\n`, `"${before}"`)));
  expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
});

test.each([null, '7', '"x"', 'W/*'])('If-Match must name a version: %s', async (ifMatch) => {
  expectError(await put(POLICY, ifMatch), 'validation_failed');
});

test('every mistake is named at once, with its line, and nothing is applied', async () => {
  const before = await present();
  const text = 'grants:\n  - to: [no-one]\n    may: [fly]\n    on: []\nextra: 1\n';
  const refused = await put(text, '*');
  expectError(refused, 'policy_invalid');
  const mistakes = refused.body['mistakes'] as { line: number; message: string }[];
  expect(mistakes.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  expect(refused.body['details']).toContain('Line 5: extra is not a field of a policy.');
  expect(await present()).toBe(before);
});

test('a user who does not exist here is named, with the line. Others may sign in later', async () => {
  const text = `${POLICY}  - to: [static:alcie, github:someone-new, local:ops, service:ci, 'group:ops']
    may: [acquire]
    on: [other/*]
`;
  const doubt = (subject: string) => ({
    line: 6,
    message: `${subject} is not a user of this server, so this is for no one. Check the spelling.`,
  });
  const warnings = ['static:alcie', 'local:ops', 'service:ci'].map(doubt);
  expect((await suite.operator.post('/admin/policy/check', { text })).body).toMatchObject({
    valid: true,
    warnings,
  });
  expect((await put(text, '*')).body).toMatchObject({ warnings });
});

test('a check changes nothing, and says what would change', async () => {
  await put(POLICY, '*');
  const version = await present();
  const text = POLICY.replace('acquire', 'observe');
  expect((await suite.operator.post('/admin/policy/check', { text })).body).toEqual({
    valid: true,
    mistakes: [],
    warnings: [],
    version,
    changes: {
      added: ['static:alice may observe on billing/*'],
      removed: ['static:alice may acquire on billing/*'],
    },
  });
  const invalid = await suite.operator.post('/admin/policy/check', { text: 'grants: 1' });
  expect(invalid.body).toMatchObject({
    valid: false,
    mistakes: [{ line: 1 }],
    changes: { added: [], removed: [] },
  });
  expect(await present()).toBe(version);
});

test('a policy that is larger than other bodies is accepted, up to its limit', async () => {
  const comment = `#${'x'.repeat(POLICY_BYTES_MAX - Buffer.byteLength(POLICY) - 1)}`;
  expect((await put(POLICY + comment, '*')).status).toBe(200);
  expectError(await put(`${POLICY}${comment}x`, '*'), 'validation_failed');
  expectError(await put('x'.repeat(300_000), '*'), 'body_too_large');
});

test('versions are listed newest first, and the last hundred are kept', async () => {
  const first = await present();
  for (let count = 0; count < 101; count += 1) await put(`${POLICY}# ${count}\n`, '*');
  const { body } = await suite.operator.get('/admin/policy/versions');
  const versions = body['versions'] as { version: number; applied_by: string }[];
  expect(versions).toHaveLength(100);
  expect(versions.map(({ version }) => version)).toEqual(
    Array.from({ length: 100 }, (_, index) => first + 101 - index),
  );
  const old = await suite.operator.get(`/admin/policy/versions/${first + 2}`);
  expect(old.body).toMatchObject({ version: first + 2, text: `${POLICY}# 1\n` });
  for (const gone of [String(first + 1), '0', 'x']) {
    expectError(await suite.operator.get(`/admin/policy/versions/${gone}`), 'policy_version_not_found');
  }
});

describe('why', () => {
  const why = async (user: string, action: string, lock: string): Promise<Record<string, unknown>> => {
    const query = new URLSearchParams({ user, action, lock }).toString();
    return (await suite.operator.get(`/admin/policy/why?${query}`)).body;
  };

  test('names the grants that allow it', async () => {
    await put(POLICY, '*');
    expect(await why('alice', 'observe', 'billing/x')).toEqual({
      allowed: true,
      reason: 'The grant in line 3 lets static:alice observe billing/x.',
      grants: [{ line: 3, to: ['static:alice'], may: ['acquire'], on: ['billing/*'] }],
    });
  });

  test('says that no grant allows it', async () => {
    await put(POLICY, '*');
    expect(await why('bob', 'observe', 'billing/x')).toMatchObject({
      allowed: false,
      reason: 'No grant lets static:bob observe billing/x.',
      grants: [],
    });
  });

  test('answers about users who have not signed in yet', async () => {
    await applyPolicy(
      suite,
      'grants:\n  - { to: [github:ada, github:id:7], may: [break], on: ["*"] }\n  - { to: [static:new], may: [observe], on: [a] }',
    );
    expect(await why('github:Ada', 'break', 'a')).toMatchObject({ allowed: true });
    expect(await why('github:id:7', 'break', 'a')).toMatchObject({ allowed: true });
    expect(await why('github:id:8', 'break', 'a')).toMatchObject({ allowed: false });
    expect(await why('static:new', 'observe', 'a')).toMatchObject({ allowed: true });
    expect(await why('ada', 'break', 'a')).toMatchObject({ code: 'user_not_found' });
  });

  test('without a policy, says what everyone may do', async () => {
    expect(await why('bob', 'acquire', 'a')).toMatchObject({ allowed: true, grants: [] });
    expect(await why('bob', 'break', 'a')).toMatchObject({ allowed: false, grants: [] });
  });
});

test('the JSON Schema is published, and is the one in the documents', async () => {
  const { status, body } = await suite.nobody.get('/policy.schema.json');
  expect(status).toBe(200);
  // If this fails: node dist/main.js policy schema > docs/policy.schema.json
  expect(body).toEqual(JSON.parse(readFileSync('docs/policy.schema.json', 'utf8')));
});

test('a policy is in force after a restart, with its versions', async () => {
  const folder = makeFolder();
  const database = await newDatabase(folder.path);
  const first = await startServerOn(database);
  const operatorOf = (url: string) => new CheckedClient(url, ADMIN_KEY);
  const request = { headers: { 'if-match': '"0"' }, body: { text: policyText() } };
  expect((await operatorOf(first.url).call('PUT', '/admin/policy', request)).body).toMatchObject({
    version: 1,
  });
  const { name } = await acquire(new CheckedClient(first.url, ALICE), newName());
  await first.close();

  const second = await startServerOn(database);
  expectError(await new CheckedClient(second.url, BOB).get(`/locks/${name}`), 'forbidden');
  expect((await new CheckedClient(second.url, ALICE).get(`/locks/${name}`)).body).toMatchObject({
    status: 'held',
  });
  const again = {
    headers: { 'if-match': '"1"' },
    body: { text: policyText({ to: 'everyone', may: 'observe', on: ['*'] }) },
  };
  expect((await operatorOf(second.url).call('PUT', '/admin/policy', again)).body).toMatchObject({
    version: 2,
  });
  expect((await operatorOf(second.url).get('/admin/policy/versions')).body['versions']).toHaveLength(2);
  await second.close();
  await database.remove();
  folder.remove();
});
