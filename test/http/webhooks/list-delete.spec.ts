import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { expectError, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

const URL = 'https://hooks.example.com/octostore';

async function create(path: string): Promise<string> {
  const { body } = await suite.alice.post('/webhooks', { url: `${URL}/${path}` });
  clock.advance(1);
  return String(body['id']);
}

describe('GET /webhooks', () => {
  test('200 with the caller’s own, oldest first', async () => {
    const ids = [await create('a'), await create('b'), await create('c')];
    const { status, body } = await suite.alice.get('/webhooks');
    expect(status).toBe(200);
    expect((body as unknown as { id: string }[]).map(({ id }) => id)).toEqual(ids);
    expect((await suite.bob.get('/webhooks')).body).toEqual([]);
    for (const id of ids) await suite.alice.delete(`/webhooks/${id}`);
  });

  test('401 without a token', async () => {
    expectError(await suite.nobody.get('/webhooks'), 'unauthorized');
  });
});

describe('DELETE /webhooks/{id}', () => {
  test('204, once', async () => {
    const id = await create('gone');
    const reply = await suite.alice.delete(`/webhooks/${id.toUpperCase()}`);
    expect(reply.status).toBe(204);
    expect((await suite.alice.get('/webhooks')).body).toEqual([]);
    expectError(await suite.alice.delete(`/webhooks/${id}`), 'webhook_not_found');
  });

  test.each([
    ['an unknown id', randomUUID()],
    ['an id that is not a UUID', 'webhook-1'],
    ['an encoded slash', '%2F'],
  ])('404 for %s', async (_, id) => {
    expectError(await suite.alice.delete(`/webhooks/${id}`), 'webhook_not_found');
  });

  test('404 for another user’s, which stays', async () => {
    const id = await create('mine');
    expectError(await suite.bob.delete(`/webhooks/${id}`), 'webhook_not_found');
    expect((await suite.alice.get('/webhooks')).body).toMatchObject([{ id, active: true }]);
    await suite.alice.delete(`/webhooks/${id}`);
  });

  test('401 without a token', async () => {
    expectError(await suite.nobody.delete(`/webhooks/${randomUUID()}`), 'unauthorized');
  });
});
