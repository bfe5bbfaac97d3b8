import { describe, expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { newLeaseId, newName, openSession, useServer } from '../suite.js';

/** The document allows null exactly where the server accepts it: for optional fields of bodies, which some clients send as null. */
const suite = useServer();
const { schemas } = ApiContract.load().document.components;

interface Row {
  readonly name: string;
  readonly path: () => string;
  readonly body: () => Promise<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  {
    name: 'AcquireLockRequest',
    path: () => `/locks/${newName()}/acquire`,
    body: async () => ({
      ttl_seconds: 60,
      lease_id: newLeaseId(),
      session_id: await openSession(suite.alice),
      metadata: '',
      wait_seconds: 0,
    }),
  },
  { name: 'CreateSessionRequest', path: () => '/sessions', body: () => Promise.resolve({ ttl_seconds: 60 }) },
  {
    name: 'CreateWebhookRequest',
    path: () => '/webhooks',
    body: () =>
      Promise.resolve({ url: 'https://example.com', secret: 'x', events: ['*'], lock_pattern: 'a/*' }),
  },
];

function propertiesOf(name: string): Record<string, unknown> {
  return (schemas[name] as { properties: Record<string, unknown> }).properties;
}

describe.each(rows)('$name', ({ name, path, body }) => {
  test.each(Object.entries(propertiesOf(name)))('%s', async (field, property) => {
    const { status } = await suite.alice.post(path(), { ...(await body()), [field]: null });
    const takesNull = status < 400;
    expect(JSON.stringify(property).includes('"null"')).toBe(takesNull);
  });
});

test('a session can be created without a body', async () => {
  expect((await suite.alice.post('/sessions')).status).toBe(201);
});
