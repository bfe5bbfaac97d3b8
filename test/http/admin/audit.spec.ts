import { expect, test } from 'vitest';
import { tracesOf } from '../../../lab/kit/secret-traces.js';
import { verify } from '../../audit/audit-fixture.js';
import { acquire, useServer } from '../suite.js';

const suite = useServer();

interface Page {
  readonly text: string;
  readonly lines: string[];
}

async function read(query = ''): Promise<Page> {
  const response = await fetch(`${suite.server.url}/admin/audit${query}`, {
    headers: { authorization: `Bearer ${suite.operator.token ?? ''}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const text = await response.text();
  return { text, lines: text.split('\n').slice(0, -1) };
}

test('the records are read page by page, and form a chain', async () => {
  for (const user of ['a', 'b', 'c']) await suite.operator.post('/admin/tokens', { user });
  const { lines } = await read();
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(verify(lines)).toMatchObject({ records: lines.length, flaw: null });
  expect((await read('?after=1&limit=1')).lines).toEqual([lines[1]]);
  expect((await read(`?after=${lines.length}`)).text).toBe('');
});

test('the latest records come first if you ask for those before a number', async () => {
  for (const user of ['d', 'e', 'f']) await suite.operator.post('/admin/tokens', { user });
  const { lines } = await read();
  const latest = await read('?before=9007199254740991&limit=2');
  expect(latest.lines).toEqual(lines.slice(-2));
  const { number } = JSON.parse(latest.lines[0] ?? '') as { number: number };
  expect((await read(`?before=${number}&limit=2`)).lines).toEqual(lines.slice(-4, -2));
  expect((await read('?before=1')).text).toBe('');
});

test('a refused authentication is recorded, with its address and request', async () => {
  const stranger = suite.alice.as('octo_not-a-token-of-this-server');
  await stranger.get('/locks');
  await stranger.get('/locks');
  const records = (await read()).lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const refused = records.filter(({ action }) => action === 'authentication');
  expect(refused).toMatchObject([
    {
      actor: { kind: 'unknown' },
      address: '127.0.0.1',
      request_id: expect.any(String),
      outcome: 'refused',
      code: 'unauthorized',
      details: { credential: 'token' },
    },
  ]);
});

test('a break of a lock that no one holds is recorded as refused', async () => {
  await suite.operator.post('/locks/nothing/break', { reason: 'a try' });
  const last = JSON.parse((await read()).lines.at(-1) ?? '') as unknown;
  expect(last).toMatchObject({
    action: 'lock.break',
    actor: { kind: 'operator' },
    subject: { kind: 'lock', id: 'nothing' },
    outcome: 'refused',
    code: 'lock_not_found',
  });
});

test('no record contains a token, a key or a lease id', async () => {
  const { body } = await suite.operator.post('/admin/tokens', { user: 'secretive' });
  const first = String(body['token']);
  const client = suite.alice.as(first);
  const { name, leaseId } = await acquire(client);
  await suite.operator.post(`/locks/${name}/break`, { reason: 'a test' });
  const rotated = await client.post('/auth/token/rotate');
  const second = String(rotated.body['token']);
  await suite.operator.delete(`/admin/tokens/${String(body['id'])}`);
  const { text } = await read();
  expect(text).toContain('local:secretive');
  for (const secret of [first, second, leaseId, suite.operator.token ?? ''])
    for (const { form, isReadable, bytes } of tracesOf(secret))
      if (isReadable) expect(text.includes(bytes.toString('latin1')), `${form} of a secret`).toBe(false);
});
