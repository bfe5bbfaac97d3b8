import { pause } from '../../../src/process/time.js';
import type { Answer } from '../../kit/http/connection.js';
import { SESSION_LOCKS } from '../../kit/history/event-log-check.js';
import { verifiedClaims } from './proof-claims.js';
import {
  expectStatus,
  expectThat,
  LONG_TTL_SECONDS,
  type Actor,
  type Lease,
  type Scenario,
  type ScenarioContext,
} from './scenario.js';

/** A proof has whole seconds, so an end that counts from a later moment shows after this long. */
const OVER_A_SECOND_MS = 1010;

const SESSION_SECONDS = 60;

/** Scenarios about proofs of leases. None may be valid for longer than the lease that it was issued for. */
export const PROOF_SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a proof ends with its lease, even if a renewal or a conversion has changed that': proofsOfLease,
  'a proof ends with the session of its lease': proofsInSession,
};

async function proofsOfLease({ ann, lock }: ScenarioContext): Promise<void> {
  const lease = await ann.acquireFree(lock, { mode: 'shared' });
  await expectProof(ann, await renewed(ann, lease, LONG_TTL_SECONDS), 'a renewal');
  await expectProof(ann, await renewed(ann, lease, LONG_TTL_SECONDS / 2), 'a renewal with a shorter TTL');
  await pause(OVER_A_SECOND_MS);
  for (const mode of ['exclusive', 'shared']) {
    const body = { lease_id: lease.leaseId, mode };
    expectStatus(await ann.call('POST', `/locks/${lock}/convert`, body), 200, 'a conversion');
    const again = await ann.acquire(lease, { mode, proof: true });
    expectStatus(again, 200, 'a repeated acquire');
    await expectProof(ann, again, `a conversion to ${mode}`);
  }
  await ann.release(lease);
}

async function proofsInSession({ ann, lock: name }: ScenarioContext): Promise<void> {
  const lock = `${SESSION_LOCKS}${name}`;
  const session = await ann.openSession(SESSION_SECONDS);
  const lease = await ann.acquireFree(lock, { session_id: session });
  const renewal = await renewed(ann, lease, LONG_TTL_SECONDS);
  const { status, body } = await ann.call('GET', `/sessions/${session}`);
  if (status === 200) await expectProof(ann, renewal, 'a renewal in a session', body['expires_at']);
  await ann.call('DELETE', `/sessions/${session}`);
}

async function renewed(actor: Actor, { lock, leaseId }: Lease, ttlSeconds: number): Promise<Answer> {
  const body = { lease_id: leaseId, ttl_seconds: ttlSeconds, proof: true };
  const answer = await actor.call('POST', `/locks/${lock}/renew`, body);
  expectStatus(answer, 200, 'a renewal by the holder');
  return answer;
}

/** @param end when the lease ends, as a time of the server. */
async function expectProof(
  actor: Actor,
  { body }: Answer,
  after: string,
  end: unknown = body['expires_at'],
): Promise<void> {
  const { exp, fencing_token, locks } = await verifiedClaims(actor, String(body['proof']));
  const [lock] = locks;
  expectThat(
    1000 * exp <= Date.parse(String(end)),
    `after ${after}, a proof is valid until ${exp}, but its lease only until ${String(end)}`,
  );
  const isOfLease =
    fencing_token === body['fencing_token'] && lock?.name === body['name'] && lock?.mode === body['mode'];
  expectThat(isOfLease, `after ${after}, a proof says ${JSON.stringify({ fencing_token, locks })}`);
}
