import { SESSION_LOCKS } from '../../kit/history/event-log-check.js';
import { nowMs } from '../../../src/process/time.js';
import {
  demand,
  expectStatus,
  inTime,
  LONG_TTL_SECONDS,
  LONG_WAIT_SECONDS,
  newLease,
  type Cast,
  type Scenario,
} from './scenario.js';

/** The shortest life of a session. */
const SESSION_SECONDS = 10;

/** What must happen to the locks of a session. */
export const SESSION_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'the end of a session frees its locks': sessionEnds,
  'a session that falls silent loses its locks, not before its time': sessionExpires,
  'a lease belongs to its session': sessionsKeepOut,
};

async function sessionEnds({ ann, ben, lock: name }: Cast): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const session = await ann.openSession();
  const lease = await ann.take(lock, { session_id: session });
  const other = await ann.openSession();
  expectStatus(
    await ann.acquire(newLease(lock), { session_id: other }),
    409,
    'another session of the holder',
  );
  expectStatus(await ann.call('DELETE', `/sessions/${session}`), 204, 'a session is ended');
  expectStatus(await ann.renew(lease), 404, 'the lease of a session that was ended is renewed');
  await ben.release(await ben.take(lock));
  expectStatus(
    await ann.acquire(newLease(lock), { session_id: session }),
    404,
    'a session that was ended acquires',
  );
  await ann.call('DELETE', `/sessions/${other}`);
}

async function sessionExpires({ ann, ben, lock: name }: Cast): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const openedMs = nowMs();
  const session = await ann.openSession(SESSION_SECONDS);
  const lease = newLease(lock);
  const answer = await ann.acquire(lease, { session_id: session });
  if (answer.status === 410 && answer.returnMs > openedMs + SESSION_SECONDS * 1000) return;
  expectStatus(answer, 200, 'a session takes a lock');
  const next = newLease(lock);
  const granted = await inTime(
    ben.acquire(next, { wait_seconds: LONG_WAIT_SECONDS }),
    `${lock}: the session's end`,
    SESSION_SECONDS * 1000,
  );
  expectStatus(granted, 200, 'a waiter behind a session that falls silent');
  demand(
    granted.returnMs - openedMs >= SESSION_SECONDS * 1000,
    `${lock} was freed before its session could end`,
  );
  expectStatus(await ann.renew(lease), 404, 'the lease of a session that expired is renewed');
  expectStatus(await ann.call('GET', `/sessions/${session}`), 410, 'a session that expired');
  await ben.release(next);
}

async function sessionsKeepOut({ ann, ben, lock: name }: Cast): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const session = await ann.openSession();
  const other = await ann.openSession();
  const lease = await ann.take(lock, { session_id: session });
  for (const more of [{ session_id: other }, {}]) {
    expectStatus(await ann.acquire(lease, more), 409, `the lease of one session asked for from another`);
    const unnamed = await ann.call('POST', `/locks/${lock}/acquire`, {
      ttl_seconds: LONG_TTL_SECONDS,
      ...more,
    });
    expectStatus(unnamed, 409, 'a lock of one session asked for from another');
  }
  expectStatus(await ann.acquire(lease, { session_id: session }), 200, 'a lease asked for again');
  await ann.release(lease);
  await ben.release(await ben.take(lock));
  for (const ended of [session, other]) await ann.call('DELETE', `/sessions/${ended}`);
}
