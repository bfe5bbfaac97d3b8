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
  let lease: Lease | null = granted;
  let wasAsked = false;
  for (let renewals = 0; !wasAsked && renewals < RENEWALS_MAX; renewals += 1) {
    if (!(await actor.access(lease, lease.locks))) return;
    await pause(RENEW_EVERY_MS);
    lease = await actor.client.renew(lease, async (answer) => {
      wasAsked = 'release_requested' in answer.body;
      await reportRenewal(actor, granted, answer, wasAsked);
    });
    if (lease === null) return;
  }
  await actor.guarded.done();
}

async function reportRenewal(
  { guarded, name }: Actor,
  { grantedMs }: Lease,
  { callMs, returnMs }: Answer,
  wasAsked: boolean,
): Promise<void> {
  await guarded.report({ kind: 'renewed', lock: LOCK, actor: name, grantedMs, callMs, returnMs, wasAsked });
}
