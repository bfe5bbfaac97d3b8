import { SESSION_LOCKS } from '../../kit/history/event-log-check.js';
import { nowMs } from '../../../src/process/time.js';
import {
  expectThat,
  expectStatus,
  withTimeout,
  LONG_TTL_SECONDS,
  LONG_WAIT_SECONDS,
  newLease,
  type ScenarioContext,
  type Scenario,
} from './scenario.js';

/** The shortest TTL of a session. */
const SESSION_SECONDS = 10;

/** Scenarios about the locks of a session. */
export const SESSION_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the end of a session releases its locks': sessionEnds,
  'a session without keepalives loses its locks, but not early': sessionExpires,
  'a lease belongs to its session': sessionsKeepOut,
};

async function sessionEnds({ ann, ben, lock: name }: ScenarioContext): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const session = await ann.openSession();
  const lease = await ann.acquireFree(lock, { session_id: session });
  const other = await ann.openSession();
  expectStatus(
    await ann.acquire(newLease(lock), { session_id: other }),
    409,
    'an acquire by another session of the holder',
  );
  expectStatus(await ann.call('DELETE', `/sessions/${session}`), 204, 'the end of a session');
  expectStatus(await ann.renew(lease), 404, 'a renewal after the end of the session');
  await ben.release(await ben.acquireFree(lock));
  expectStatus(
    await ann.acquire(newLease(lock), { session_id: session }),
    404,
    'an acquire after the end of the session',
  );
  await ann.call('DELETE', `/sessions/${other}`);
}

async function sessionExpires({ ann, ben, lock: name }: ScenarioContext): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const openedMs = nowMs();
  const session = await ann.openSession(SESSION_SECONDS);
  const lease = newLease(lock);
  const answer = await ann.acquire(lease, { session_id: session });
  if (answer.status === 410 && answer.returnMs > openedMs + SESSION_SECONDS * 1000) return;
  expectStatus(answer, 200, 'an acquire in a session');
  const next = newLease(lock);
  const granted = await withTimeout(
    ben.acquire(next, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lock}: a waiter for the end of a session`,
    SESSION_SECONDS * 1000,
  );
  expectStatus(granted, 200, 'a waiter after the session expired');
  expectThat(
    granted.returnMs - openedMs >= SESSION_SECONDS * 1000,
    `${lock} was released before its session expired`,
  );
  expectStatus(await ann.renew(lease), 404, 'a renewal after the session expired');
  expectStatus(await ann.call('GET', `/sessions/${session}`), 410, 'the status of an expired session');
  await ben.release(next);
}

async function sessionsKeepOut({ ann, ben, lock: name }: ScenarioContext): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const session = await ann.openSession();
  const other = await ann.openSession();
  const lease = await ann.acquireFree(lock, { session_id: session });
  for (const more of [{ session_id: other }, {}]) {
    expectStatus(await ann.acquire(lease, more), 409, 'an acquire of a session lease from another session');
    const unnamed = await ann.call('POST', `/locks/${lock}/acquire`, {
      ttl_seconds: LONG_TTL_SECONDS,
      ...more,
    });
    expectStatus(unnamed, 409, 'an acquire of a session lock from another session');
  }
  expectStatus(await ann.acquire(lease, { session_id: session }), 200, 'a repeated acquire');
  await ann.release(lease);
  await ben.release(await ben.acquireFree(lock));
  for (const ended of [session, other]) await ann.call('DELETE', `/sessions/${ended}`);
}
