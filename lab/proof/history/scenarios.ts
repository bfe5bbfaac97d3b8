import { randomUUID } from 'node:crypto';
import { isTurnedAway, NoAnswer } from '../../kit/http/connection.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { SESSION_SCENARIOS } from './session-scenarios.js';
import {
  demand,
  expectStatus,
  inTime,
  LONG_TTL_SECONDS,
  LONG_WAIT_SECONDS,
  newLease,
  ScenarioFailed,
  type Actor,
  type Cast,
  type Lease,
  type Scenario,
} from './scenario.js';

/** What must happen, step by step, while all other clients are at work. A history of single locks cannot show it. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'waiters are served in their order, before newcomers': waitersInOrder,
  'a waiter that has gone is granted nothing': waiterGone,
  'a lease ends by itself, not before its time, and not much later': leaseExpires,
  'a lease that has ended cannot be renewed, even if nobody wants the lock': lateRenewal,
  'the same lease id is granted once': sameLeaseId,
  'a lease is its own holder': strangersKeepOut,
  ...SESSION_SCENARIOS,
  'nobody holds more locks than allowed': quota,
};

async function waitersInOrder({ ann, ben, lock }: Cast): Promise<void> {
  const held = await ann.take(lock);
  const leases = [newLease(lock), newLease(lock), newLease(lock)];
  const waiting: Promise<number>[] = [];
  for (const [index, lease] of leases.entries()) {
    const served = tokenAndRelease(index === 1 ? ann : ben, lease);
    served.catch(() => undefined);
    waiting.push(served);
    // A waiter that is turned away, because there is too much to do, ends the scenario.
    await Promise.race([ann.seesWaiters(lock, index + 1), ...waiting]);
  }
  const newcomer = newLease(lock);
  expectStatus(await ann.release(held), 200, 'a holder releases');
  const early = await ann.acquire(newcomer);
  if (early.status === 200) await ann.release(newcomer);
  const tokens = await Promise.all(waiting);
  const inOrder = tokens.every((token, index) => index === 0 || token > (tokens[index - 1] ?? 0));
  demand(
    inOrder,
    `${lock}: waiters were granted the tokens ${tokens.join(', ')} in the order of their coming`,
  );
  const isLast = early.status !== 200 || Number(early.body['fencing_token']) > Math.max(...tokens);
  demand(
    isLast,
    `${lock}: a newcomer was granted ${String(early.body['fencing_token'])}, waiters ${tokens.join(', ')}`,
  );
}

async function tokenAndRelease(actor: Actor, lease: Lease): Promise<number> {
  const answer = await inTime(
    actor.acquire(lease, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lease.lock}: a waiter`,
  );
  expectStatus(answer, 200, 'a waiter');
  await pause(2);
  await actor.release(lease);
  return Number(answer.body['fencing_token']);
}

async function waiterGone({ ann, ben, lock }: Cast): Promise<void> {
  const held = await ann.take(lock);
  const gone = newLease(lock);
  const connection = ben.connect();
  const answer = connection.post(`/locks/${lock}/acquire`, {
    lease_id: gone.leaseId,
    ttl_seconds: LONG_TTL_SECONDS,
    wait_seconds: LONG_WAIT_SECONDS,
  });
  const tooEarly = answer.then((early) => {
    if (isTurnedAway(early)) throw new NoAnswer(early.callMs, 'undecided', early.text);
    throw new ScenarioFailed(`${lock}: a waiter was answered while the lock was held: ${early.text}`);
  });
  tooEarly.catch(() => undefined);
  await Promise.race([ann.seesWaiters(lock, 1), tooEarly]);
  connection.cut();
  await ann.seesWaiters(lock, 0);
  expectStatus(await ann.release(held), 200, 'a holder releases');
  const next = await ann.take(lock);
  await ann.release(next);
}

async function leaseExpires({ ann, ben, lock }: Cast): Promise<void> {
  const askedMs = nowMs();
  const lease = await ann.take(lock, { ttl_seconds: 1 });
  const next = newLease(lock);
  const granted = await inTime(
    ben.acquire(next, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lock}: the lease's end`,
  );
  expectStatus(granted, 200, 'a waiter behind a lease that runs out');
  demand(granted.returnMs - askedMs >= 1000, `${lock}: a lease of 1 s ended early`);
  expectStatus(await ann.renew(lease), 404, 'a lease that expired is renewed');
  await ben.release(next);
}

async function lateRenewal({ ann, lock }: Cast): Promise<void> {
  const lease = await ann.take(lock, { ttl_seconds: 1 });
  await pause(1010);
  expectStatus(await ann.renew(lease), 404, 'a lease that ran out is renewed');
}

async function sameLeaseId({ ann, ben, lock }: Cast): Promise<void> {
  const lease = newLease(lock);
  const first = await ann.acquire(lease);
  expectStatus(first, 200, 'an acquire');
  const again = await ann.acquire(lease);
  expectStatus(again, 200, 'the same acquire again');
  const isSame =
    again.body['fencing_token'] === first.body['fencing_token'] &&
    again.body['status'] === 'held' &&
    again.body['expires_at'] === first.body['expires_at'];
  demand(isSame, `${lock}: the same lease id was granted twice: ${first.text} ${again.text}`);
  expectStatus(await ann.acquire(newLease(lock)), 409, 'another lease id of the same user');
  const unnamed = await ann.call('POST', `/locks/${lock}/acquire`, { ttl_seconds: LONG_TTL_SECONDS });
  demand(
    unnamed.body['lease_id'] === lease.leaseId,
    `${lock}: the holder asked and was told ${unnamed.text}`,
  );
  await ann.release(lease);
  await ben.release(await ben.take(lock));
}

async function strangersKeepOut({ ann, ben, lock }: Cast): Promise<void> {
  const lease = await ann.take(lock, { metadata: 'a scenario' });
  const told = [
    await ben.status(lock),
    await ben.acquire(newLease(lock)),
    await ben.call('GET', `/locks?prefix=${encodeURIComponent(lock)}`),
  ];
  for (const { text } of told) {
    demand(text.includes('a scenario'), `${lock}: a stranger was told nothing of its holder: ${text}`);
    demand(!text.includes(lease.leaseId), `${lock}: a stranger was told the lease id: ${text}`);
  }
  expectStatus(await ben.renew(lease), 404, 'a stranger renews');
  expectStatus(await ben.release(lease), 404, 'a stranger releases');
  expectStatus(await ann.renew({ ...lease, leaseId: randomUUID() }), 404, 'a holder renews another lease');
  expectStatus(
    await ann.release({ ...lease, leaseId: randomUUID() }),
    404,
    'a holder releases another lease',
  );
  expectStatus(await ann.renew(lease), 200, 'a holder renews');
  await ann.release(lease);
}

async function quota({ ann, lock, quota: limit }: Cast): Promise<void> {
  const names = Array.from({ length: limit }, (_, number) => `${lock}/${number}`);
  await releaseAll(ann);
  const taken = await Promise.allSettled(names.map((name) => ann.take(name)));
  const leases = taken.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  expectStatus(await ann.acquire(newLease(`${lock}/more`)), 403, 'one lock more than allowed');
  const [first, ...others] = leases;
  if (first !== undefined) expectStatus(await ann.release(first), 200, 'a holder releases');
  others.push(await ann.take(`${lock}/more`));
  await Promise.all(others.map((lease) => ann.release(lease)));
}

/** Releases what an earlier scenario has left behind that was not completed. */
async function releaseAll(actor: Actor): Promise<void> {
  const { body } = await actor.call('GET', '/locks?owner=me&limit=1000');
  for (const { name, lease_id } of body['locks'] as { name: string; lease_id: string }[]) {
    await actor.release({ lock: name, leaseId: lease_id });
  }
}
