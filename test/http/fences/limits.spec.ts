import { expect, test } from 'vitest';
import { acquire, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_FENCES: '3', MAX_FENCES_PER_USER: '2' });

test('a user and all users together can create only so many fences', async () => {
  const { token } = await acquire(suite.alice);
  const body = { fencing_token: token };
  const create = (client = suite.alice) => client.post(`/fences/${newName('fence')}/advance`, body);
  const own = newName('fence');
  expect((await suite.alice.post(`/fences/${own}/advance`, body)).status).toBe(200);
  expect((await create()).status).toBe(200);
  const tooMany = await suite.expectRefusal('fence_limit_exceeded', () => create());
  expect(tooMany.body['details']).toBe('The limit is 2 fences.');
  expect((await suite.alice.post(`/fences/${own}/advance`, body)).status).toBe(200);

  expect((await create(suite.bob)).status).toBe(200);
  const full = await suite.expectRefusal('too_many_fences', () => create(suite.bob));
  expect(full.body['details']).toBe('The limit for all users together is 3 fences.');
  expect(full.headers.get('retry-after')).toBe('1');

  expect((await suite.operator.delete(`/fences/${own}`)).status).toBe(204);
  expect((await create(suite.bob)).status).toBe(200);
});

test('the metrics say how many fences there are', async () => {
  const { body } = await suite.operator.get('/metrics');
  expect(body['text']).toContain('\noctostore_fences 3\n');
});
