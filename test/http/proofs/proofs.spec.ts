import { describe, expect, test } from 'vitest';
import type { Reply } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { expectError, newLeaseId, newName, openSession, useServer } from '../suite.js';
import { keySetOf, verified } from './proof-reader.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

/** What a proof says, once a stranger has verified it. */
async function claimsIn({ body }: Reply): Promise<Record<string, unknown>> {
  const { payload } = await verified(body['proof'], await keySetOf(suite.nobody), clock.wallMs());
  return payload;
}

function acquire(name: string, body: object = {}): Promise<Reply> {
  return suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60, proof: true, ...body });
}

const nowSeconds = (): number => Math.floor(clock.wallMs() / 1000);

describe('a proof', () => {
  test('says who holds the lock, with which fencing token and until when, and nothing else', async () => {
    const name = newName();
    const reply = await acquire(name, { metadata: 'not for third parties' });
    const { fencing_token, holder_id, expires_at } = reply.body;
    expect(await claimsIn(reply)).toEqual({
      iss: 'octostore',
      sub: holder_id,
      holder: 'alice',
      locks: [{ name, mode: 'exclusive' }],
      fencing_token,
      iat: nowSeconds(),
      exp: Math.floor(Date.parse(String(expires_at)) / 1000),
    });
  });

  test('names the key that has signed it', async () => {
    const reply = await acquire(newName());
    const keys = await keySetOf(suite.nobody);
    const { protectedHeader } = await verified(reply.body['proof'], keys, clock.wallMs());
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'octostore-proof+jwt', kid: keys.keys[0]?.kid });
  });

  test('is valid until the lease ends, in whole seconds rounded down', async () => {
    clock.advance(1000 - (clock.wallMs() % 1000) + 900);
    const { body } = await acquire(newName(), { ttl_seconds: 2 });
    const keys = await keySetOf(suite.nobody);
    const endMs = Date.parse(String(body['expires_at']));
    await verified(body['proof'], keys, endMs - 901);
    await expect(verified(body['proof'], keys, endMs - 900)).rejects.toThrow(/exp/);
  });

  test('of a lease in a session is valid only as long as the session would last', async () => {
    const session_id = await openSession(suite.alice, 10);
    const endOfSession = nowSeconds() + 10;
    const [name, lease_id] = [newName(), newLeaseId()];
    const claims = await claimsIn(await acquire(name, { session_id, lease_id }));
    expect(claims['exp']).toBe(endOfSession);
    clock.advance(5000);
    await suite.alice.post(`/sessions/${session_id}/keepalive`);
    const renewal = { lease_id, ttl_seconds: 60, proof: true };
    const later = await claimsIn(await suite.alice.post(`/locks/${name}/renew`, renewal));
    expect(later['exp']).toBe(endOfSession + 5);
    const short = await claimsIn(await acquire(newName(), { session_id, ttl_seconds: 3 }));
    expect(short['exp']).toBe(nowSeconds() + 3);
  });

  test('ends with the lease after a renewal with a shorter TTL', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { lease_id, ttl_seconds: 300 });
    const renewal = { lease_id, ttl_seconds: 5, proof: true };
    const renewed = await suite.alice.post(`/locks/${name}/renew`, renewal);
    expect(await claimsIn(renewed)).toMatchObject({ exp: nowSeconds() + 5 });
  });

  test('ends with the lease after a conversion, which does not prolong it', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    const { body } = await acquire(name, { lease_id });
    for (const mode of ['shared', 'exclusive']) {
      clock.advance(5000);
      await suite.alice.post(`/locks/${name}/convert`, { lease_id, mode });
      const exp = Math.floor(Date.parse(String(body['expires_at'])) / 1000);
      expect(await claimsIn(await acquire(name, { lease_id, mode }))).toMatchObject({ exp });
    }
  });

  test('ends with the session even after its lease was converted and renewed', async () => {
    const session_id = await openSession(suite.alice, 10);
    const endOfSession = nowSeconds() + 10;
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { session_id, lease_id });
    clock.advance(3000);
    await suite.alice.post(`/locks/${name}/convert`, { lease_id, mode: 'shared' });
    const again = await acquire(name, { session_id, lease_id, mode: 'shared' });
    expect(await claimsIn(again)).toMatchObject({ exp: endOfSession });
    const byId = await suite.alice.post(`/leases/${lease_id}/renew`, { ttl_seconds: 60, proof: true });
    expect(await claimsIn(byId)).toMatchObject({ exp: endOfSession });
  });

  test('never contains the id of the lease, nor of the session', async () => {
    const [lease_id, session_id] = [newLeaseId(), await openSession(suite.alice)];
    const { body } = await acquire(newName(), { lease_id, session_id });
    const parts = String(body['proof']).split('.');
    const bytes = parts.map((part) => Buffer.from(part, 'base64url').toString('latin1')).join();
    for (const id of [lease_id, session_id]) {
      expect(bytes).not.toContain(id);
      expect(bytes).not.toContain(Buffer.from(id.replaceAll('-', ''), 'hex').toString('latin1'));
    }
    // It is the id that would give it away.
    expect(bytes).toContain(String(body['holder_id']));
  });

  test('says how the lease holds each lock', async () => {
    const [shared, pool] = [newName(), newName()];
    expect(await claimsIn(await acquire(shared, { mode: 'shared' }))).toMatchObject({
      locks: [{ name: shared, mode: 'shared' }],
    });
    const counted = await claimsIn(await acquire(pool, { limit: 4, permits: 2 }));
    expect(counted['locks']).toEqual([{ name: pool, mode: 'counted', limit: 4, slots: [0, 1] }]);
  });

  test('of a lease of several locks names all of them, however it is asked for', async () => {
    const [a, b] = [newName(), newName()];
    const locks = [{ name: a }, { name: b, mode: 'shared' }];
    const reply = await suite.alice.post('/leases', { ttl_seconds: 60, proof: true, locks });
    const expected = { fencing_token: reply.body['fencing_token'], locks: reply.body['locks'] };
    expect(await claimsIn(reply)).toMatchObject(expected);
    const lease_id = String(reply.body['lease_id']);
    const renewal = { ttl_seconds: 60, proof: true };
    const byId = await suite.alice.post(`/leases/${lease_id}/renew`, renewal);
    expect(await claimsIn(byId)).toMatchObject(expected);
    const byName = await suite.alice.post(`/locks/${b}/renew`, { ...renewal, lease_id });
    expect(await claimsIn(byName)).toMatchObject(expected);
  });
});

describe('a proof comes', () => {
  test('only if it is asked for', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    for (const proof of [undefined, null, false]) {
      expect((await acquire(name, { lease_id, proof })).body).not.toHaveProperty('proof');
      const renewal = { lease_id, ttl_seconds: 60, proof };
      expect((await suite.alice.post(`/locks/${name}/renew`, renewal)).body).not.toHaveProperty('proof');
      const renewalById = { ttl_seconds: 60, proof };
      expect((await suite.alice.post(`/leases/${lease_id}/renew`, renewalById)).body).not.toHaveProperty(
        'proof',
      );
    }
    expect((await suite.alice.get(`/leases/${lease_id}`)).body).not.toHaveProperty('proof');
    expect((await suite.alice.get(`/locks/${name}`)).body).not.toHaveProperty('proof');
  });

  test('with a lease that you already have', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { lease_id, proof: false });
    const again = await acquire(name, { lease_id });
    expect(again.body['status']).toBe('held');
    expect(await claimsIn(again)).toMatchObject({ fencing_token: again.body['fencing_token'] });
    const locks = [{ name }];
    const byLeases = await suite.alice.post('/leases', { ttl_seconds: 60, lease_id, locks, proof: true });
    expect(await claimsIn(byLeases)).toMatchObject({ fencing_token: again.body['fencing_token'] });
  });

  test('after a wait, and counts from the grant', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { lease_id });
    const waiting = suite.bob.post(`/locks/${name}/acquire`, {
      ttl_seconds: 60,
      wait_seconds: 60,
      proof: true,
    });
    await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
    clock.advance(5000);
    await suite.alice.post(`/locks/${name}/release`, { lease_id });
    expect(await claimsIn(await waiting)).toMatchObject({ holder: 'bob', exp: nowSeconds() + 60 });
  });

  test('with each renewal, and says the new end', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { lease_id, ttl_seconds: 10 });
    const renewal = { lease_id, ttl_seconds: 300, proof: true };
    const renewed = await suite.alice.post(`/locks/${name}/renew`, renewal);
    expect(await claimsIn(renewed)).toMatchObject({ exp: nowSeconds() + 300 });
  });

  test('with the new token and mode, once the lease was converted', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    const before = await claimsIn(await acquire(name, { lease_id, mode: 'shared' }));
    const converted = await suite.alice.post(`/locks/${name}/convert`, { lease_id, mode: 'exclusive' });
    const { fencing_token } = converted.body;
    expect(fencing_token).toBeGreaterThan(Number(before['fencing_token']));
    const renewal = { lease_id, ttl_seconds: 60, proof: true };
    expect(await claimsIn(await suite.alice.post(`/locks/${name}/renew`, renewal))).toMatchObject({
      fencing_token,
      locks: [{ name, mode: 'exclusive' }],
    });
  });

  test('not for a lease that was broken, whose earlier proof has a lower token than the next holder', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    const lost = await claimsIn(await acquire(name, { lease_id }));
    await suite.operator.post(`/locks/${name}/break`, { reason: 'test' });
    const renewal = { lease_id, ttl_seconds: 60, proof: true };
    expectError(await suite.alice.post(`/locks/${name}/renew`, renewal), 'lease_broken');
    const next = await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, proof: true });
    expect((await claimsIn(next))['fencing_token']).toBeGreaterThan(Number(lost['fencing_token']));
  });

  test('never with a refusal, nor for someone else', async () => {
    const [name, lease_id] = [newName(), newLeaseId()];
    await acquire(name, { lease_id });
    const ask = { ttl_seconds: 60, proof: true };
    const conflict = await suite.bob.post(`/locks/${name}/acquire`, ask);
    expectError(conflict, 'lock_held');
    const renewal = await suite.bob.post(`/locks/${name}/renew`, { ...ask, lease_id });
    expectError(renewal, 'lock_not_found');
    const byId = await suite.bob.post(`/leases/${lease_id}/renew`, ask);
    expectError(byId, 'lock_not_found');
    for (const { body } of [conflict, renewal, byId]) expect(body).not.toHaveProperty('proof');
  });

  test.each(['yes', 1, {}])('only for a flag: %j', async (proof) => {
    await suite.expectRefusal('validation_failed', () => acquire(newName(), { proof }));
  });
});
