import { randomUUID } from 'node:crypto';
import { isShed, NoAnswer } from '../../kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { PROOF_SCENARIOS } from './proof-scenarios.js';
import { SESSION_SCENARIOS } from './session-scenarios.js';
import {
  expectThat,
  expectStatus,
  withTimeout,
  LONG_TTL_SECONDS,
  LONG_WAIT_SECONDS,
  newLease,
  ScenarioFailed,
  type Actor,
  type ScenarioContext,
  type Lease,
  type Scenario,
} from './scenario.js';

/** Step by step scenarios that run beside the load. They check what the histories of single locks cannot show. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'waiters are served in order, before newcomers': waitersInOrder,
  'a disconnected waiter is granted nothing': waiterGone,
  'a lease expires, not early, and not much later': leaseExpires,
  'an expired lease cannot be renewed, even if no one wants the lock': lateRenewal,
  'the same lease id is granted once': sameLeaseId,
  'only the holder can use or see a lease': othersKeepOut,
  ...SESSION_SCENARIOS,
  ...PROOF_SCENARIOS,
  'no user holds more locks than allowed': quota,
};

async function waitersInOrder({ ann, ben, lock }: ScenarioContext): Promise<void> {
  const held = await ann.acquireFree(lock);
  const leases = [newLease(lock), newLease(lock), newLease(lock)];
  const waiting: Promise<number>[] = [];
  for (const [index, lease] of leases.entries()) {
    const served = tokenAndRelease(index === 1 ? ann : ben, lease);
    served.catch(() => undefined);
    waiting.push(served);
    // If an overloaded server sheds a waiter, the scenario ends.
    await Promise.race([ann.waitForWaiters(lock, index + 1), ...waiting]);
  }
  const newcomer = newLease(lock);
  expectStatus(await ann.release(held), 200, 'a release by the holder');
  const early = await ann.acquire(newcomer);
  if (early.status === 200) await ann.release(newcomer);
  const tokens = await Promise.all(waiting);
  const inOrder = tokens.every((token, index) => index === 0 || token > (tokens[index - 1] ?? 0));
  expectThat(
    inOrder,
    `${lock}: in the order of their arrival, waiters were granted the tokens ${tokens.join(', ')}`,
  );
  const isLast = early.status !== 200 || Number(early.body['fencing_token']) > Math.max(...tokens);
  expectThat(
    isLast,
    `${lock}: a newcomer was granted token ${String(early.body['fencing_token'])}, waiters ${tokens.join(', ')}`,
  );
}

async function tokenAndRelease(actor: Actor, lease: Lease): Promise<number> {
  const answer = await withTimeout(
    actor.acquire(lease, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lease.lock}: a waiter`,
  );
  expectStatus(answer, 200, 'a waiter');
  await pause(2);
  await actor.release(lease);
  return Number(answer.body['fencing_token']);
}

async function waiterGone({ ann, ben, lock }: ScenarioContext): Promise<void> {
  const held = await ann.acquireFree(lock);
  const gone = newLease(lock);
  const connection = ben.connect();
  const answer = connection.post(`/locks/${lock}/acquire`, {
    lease_id: gone.leaseId,
    ttl_seconds: LONG_TTL_SECONDS,
    wait_seconds: LONG_WAIT_SECONDS,
  });
  const tooEarly = answer.then((early) => {
    if (isShed(early)) throw new NoAnswer(early.callMs, 'undecided', early.text);
    throw new ScenarioFailed(`${lock}: a waiter was answered while the lock was held: ${early.text}`);
  });
  tooEarly.catch(() => undefined);
  await Promise.race([ann.waitForWaiters(lock, 1), tooEarly]);
  connection.cut();
  await ann.waitForWaiters(lock, 0);
  expectStatus(await ann.release(held), 200, 'a release by the holder');
  const next = await ann.acquireFree(lock);
  await ann.release(next);
}

async function leaseExpires({ ann, ben, lock }: ScenarioContext): Promise<void> {
  const requestedMs = nowMs();
  const lease = await ann.acquireFree(lock, { ttl_seconds: 1 });
  const next = newLease(lock);
  const granted = await withTimeout(
    ben.acquire(next, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lock}: a waiter for the end of a lease`,
  );
  expectStatus(granted, 200, 'a waiter after the lease expired');
  expectThat(granted.returnMs - requestedMs >= 1000, `${lock}: a lease of 1 s ended early`);
  expectStatus(await ann.renew(lease), 404, 'a renewal after the lease expired');
  await ben.release(next);
}

async function lateRenewal({ ann, lock }: ScenarioContext): Promise<void> {
  const lease = await ann.acquireFree(lock, { ttl_seconds: 1 });
  await pause(1010);
  expectStatus(await ann.renew(lease), 404, 'a renewal after the lease expired');
}

async function sameLeaseId({ ann, ben, lock }: ScenarioContext): Promise<void> {
  const lease = newLease(lock);
  const first = await ann.acquire(lease);
  expectStatus(first, 200, 'an acquire');
  const again = await ann.acquire(lease);
  expectStatus(again, 200, 'a repeated acquire');
  const isSame =
    again.body['fencing_token'] === first.body['fencing_token'] &&
    again.body['status'] === 'held' &&
    again.body['expires_at'] === first.body['expires_at'];
  expectThat(isSame, `${lock}: the same lease id was granted twice: ${first.text} ${again.text}`);
  expectStatus(await ann.acquire(newLease(lock)), 409, 'an acquire with another lease id by the same user');
  const unnamed = await ann.call('POST', `/locks/${lock}/acquire`, { ttl_seconds: LONG_TTL_SECONDS });
  expectThat(
    unnamed.body['lease_id'] === lease.leaseId,
    `${lock}: the holder acquired again and got ${unnamed.text}`,
  );
  await ann.release(lease);
  await ben.release(await ben.acquireFree(lock));
}

async function othersKeepOut({ ann, ben, lock }: ScenarioContext): Promise<void> {
  const lease = await ann.acquireFree(lock, { metadata: 'a scenario' });
  const answers = [
    await ben.status(lock),
    await ben.acquire(newLease(lock)),
    await ben.call('GET', `/locks?prefix=${encodeURIComponent(lock)}`),
  ];
  for (const { text } of answers) {
    expectThat(text.includes('a scenario'), `${lock}: another user does not see the holder: ${text}`);
    expectThat(!text.includes(lease.leaseId), `${lock}: another user sees the lease id: ${text}`);
  }
  expectStatus(await ben.renew(lease), 404, 'a renewal by another user');
  expectStatus(await ben.release(lease), 404, 'a release by another user');
  expectStatus(await ann.renew({ ...lease, leaseId: randomUUID() }), 404, 'a renewal with another lease id');
  expectStatus(
    await ann.release({ ...lease, leaseId: randomUUID() }),
    404,
    'a release with another lease id',
  );
  expectStatus(await ann.renew(lease), 200, 'a renewal by the holder');
  await ann.release(lease);
}

async function quota({ ann, lock, quota: limit }: ScenarioContext): Promise<void> {
  const names = Array.from({ length: limit }, (_, number) => `${lock}/${number}`);
  await releaseAll(ann);
  const acquired = await Promise.allSettled(names.map((name) => ann.acquireFree(name)));
  const leases = acquired.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  expectStatus(await ann.acquire(newLease(`${lock}/more`)), 403, 'an acquire beyond the limit');
  const [first, ...others] = leases;
  if (first !== undefined) expectStatus(await ann.release(first), 200, 'a release by the holder');
  others.push(await ann.acquireFree(`${lock}/more`));
  await Promise.all(others.map((lease) => ann.release(lease)));
}

/** Releases what an earlier, interrupted scenario left behind. */
async function releaseAll(actor: Actor): Promise<void> {
  const { body } = await actor.call('GET', '/locks?owner=me&limit=1000');
  for (const { name, lease_id } of body['locks'] as { name: string; lease_id: string }[]) {
    await actor.release({ lock: name, leaseId: lease_id });
  }
}
