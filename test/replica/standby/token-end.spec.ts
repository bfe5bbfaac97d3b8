import { expect, onTestFinished, test } from 'vitest';
import { ALICE, BOB, startServer } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { SECRET_KEY, startStandby } from '../standby-rig.js';

test('what waits with a token ends with it through a standby, too', async () => {
  const [leader, { standby, client, url }] = await Promise.all([startServer({ SECRET_KEY }), startStandby()]);
  onTestFinished(() => leader.close());
  standby.forwardTo({ url: leader.url, reign: 'the-first' });
  const alice = client.as(ALICE);
  const { body } = await alice.post('/tokens', { label: 'short' });
  const [id, token] = [String(body['id']), String(body['token'])];
  const bob = client.as(BOB);
  await bob.post('/locks/held/acquire', { ttl_seconds: 600 });

  const stream = await SseStream.open(`${url}/watch`, { token });
  expect((await stream.next()).event).toBe('state');
  const waiting = client
    .as(token)
    .post('/locks/held/acquire', { ttl_seconds: 60, wait_seconds: 60, lease_id: crypto.randomUUID() });
  await expect.poll(async () => (await bob.get('/queues/held')).body['waiters']).toBe(1);

  expect((await alice.delete(`/tokens/${id}`)).status).toBe(204);
  expect(await stream.next()).toMatchObject({ event: 'end', data: { code: 'unauthorized' } });
  await stream.ended;
  expect(await waiting).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
});
