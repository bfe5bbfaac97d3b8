import { pause } from '../../../../src/process/time.js';
import type { Answer } from '../../../kit/http/connection.js';
import type { Actor } from '../actor.js';
import type { Lease } from '../lease.js';

const LOCK = 'deployment';

const RENEW_EVERY_MS = 100;

/** After this many renewals, a deployment ends by itself. */
const RENEWALS_MAX = 12;

/** Answers to a request for release: it was sent, no one holds the lock, or this user has asked too often. */
const ANSWERS = new Set([200, 404, 429]);

/** Asks the present version to go, takes over when it has gone, and serves until someone asks it to go. */
export async function deploy(actor: Actor): Promise<void> {
  await askForRelease(actor);
  const lease = await actor.client.acquire([{ name: LOCK }]);
  if (lease === null) return;
  await serve(actor, lease);
  await actor.leave(lease);
  await actor.client.release(lease);
}

async function askForRelease({ client, guarded }: Actor): Promise<void> {
  const { status, callMs, returnMs, text } = await client.requestRelease(LOCK);
  if (status === 200) await guarded.report({ kind: 'asked', lock: LOCK, callMs, returnMs });
  else if (!ANSWERS.has(status))
    await guarded.violation(`unexpected answer to a request for release: ${status} ${text}`);
}

async function serve(actor: Actor, granted: Lease): Promise<void> {
  let lease = granted;
  for (let renewals = 0; renewals < RENEWALS_MAX; renewals += 1) {
    if (!(await actor.access(lease, lease.locks))) return;
    await pause(RENEW_EVERY_MS);
    const renewed = await renew(actor, lease);
    if (renewed.lease === null) return;
    if (renewed.wasAsked) break;
    lease = renewed.lease;
  }
  await actor.guarded.done();
}

async function renew(actor: Actor, lease: Lease): Promise<{ lease: Lease | null; wasAsked: boolean }> {
  let wasAsked = false;
  const renewed = await actor.client.renew(lease, async (answer) => {
    wasAsked = 'release_requested' in answer.body;
    await reportRenewal(actor, lease, answer, wasAsked);
  });
  return { lease: renewed, wasAsked };
}

async function reportRenewal(
  { guarded, name }: Actor,
  { grantedMs }: Lease,
  { callMs, returnMs }: Answer,
  wasAsked: boolean,
): Promise<void> {
  await guarded.report({ kind: 'renewed', lock: LOCK, actor: name, grantedMs, callMs, returnMs, wasAsked });
}
