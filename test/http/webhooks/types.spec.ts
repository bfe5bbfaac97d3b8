import { expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { sharedCertificate, WebhookReceiver } from '../../support/webhook-receiver.js';
import { acquire, newName, useServer } from '../suite.js';

const suite = useServer({
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});
const contract = ApiContract.load();

type Body = Record<string, unknown>;

/** The events that webhooks get which name these types, when a lease is requested and broken, and another one released. */
async function received(...filters: (string[] | undefined)[]): Promise<Body[][]> {
  const name = newName();
  const receivers = await Promise.all(filters.map(() => WebhookReceiver.start()));
  for (const [index, receiver] of receivers.entries()) {
    const request = { url: receiver.url(), lock_pattern: name, events: filters[index] };
    expect((await suite.alice.post('/webhooks', request)).status).toBe(201);
  }
  await acquire(suite.alice, name);
  await suite.bob.post(`/locks/${name}/request-release`, { message: 'please' });
  await suite.operator.post(`/locks/${name}/break`, { reason: 'maintenance' });
  const { leaseId } = await acquire(suite.bob, name);
  await suite.bob.post(`/locks/${name}/release`, { lease_id: leaseId });
  return Promise.all(receivers.map(bodiesUntilReleased));
}

async function bodiesUntilReleased(receiver: WebhookReceiver): Promise<Body[]> {
  for (let count = 1; ; count += 1) {
    const bodies = (await receiver.receives(count)).map(({ body }) => JSON.parse(body) as Body);
    if (bodies.at(-1)?.['event'] === 'released') return bodies;
  }
}

test('a webhook gets new types of events only if it names them, and learns of a break anyway', async () => {
  const [byDefault, named, endsOnly] = await received(
    undefined,
    ['*', 'broken', 'release_requested'],
    ['expired', 'released'],
  );
  const typesOf = (bodies?: Body[]) => bodies?.map(({ event }) => event);
  expect(typesOf(byDefault)).toEqual(['acquired', 'expired', 'acquired', 'released']);
  expect(typesOf(named)).toEqual(['acquired', 'release_requested', 'broken', 'acquired', 'released']);
  expect(typesOf(endsOnly)).toEqual(['expired', 'released']);
  expect(byDefault?.[1]).toMatchObject({ cause: 'broken', holder_id: null, fencing_token: null });
  expect(endsOnly?.[0]).toEqual(byDefault?.[1]);
  expect(byDefault?.[1]).not.toHaveProperty('reason');
  const { fencing_token } = named?.[0] ?? {};
  expect(named?.[1]).toMatchObject({ requested_by: 'bob', message: 'please', fencing_token });
  const broken = { reason: 'maintenance', broken_by: 'administrator', fencing_token, holder_id: null };
  expect(named?.[2]).toMatchObject(broken);
  for (const body of [byDefault, named].flatMap((bodies) => bodies ?? [])) {
    expect(contract.problemsWithSchema('LockEventBody', body)).toEqual([]);
    expect(body).not.toHaveProperty('holder');
  }
});

test('a webhook that names only "broken" is not called for anything else, and is shown as it was created', async () => {
  const receiver = await WebhookReceiver.start();
  const name = newName();
  const events = ['broken', 'release_requested', '*'];
  const { body } = await suite.bob.post('/webhooks', {
    url: receiver.url(),
    lock_pattern: name,
    events: ['broken'],
  });
  expect(body).toMatchObject({ events: ['broken'] });
  const other = await suite.bob.post('/webhooks', { url: receiver.url(), lock_pattern: 'x', events });
  expect(other.body).toMatchObject({ events });
  await acquire(suite.alice, name);
  await suite.operator.post(`/locks/${name}/break`, { reason: 'maintenance' });
  const [message] = await receiver.receives(1);
  expect(JSON.parse(message?.body ?? '')).toMatchObject({ event: 'broken', lock: name });
});
