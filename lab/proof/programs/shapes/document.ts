import { SHARED } from '../../../../src/core/model/demand.js';
import type { Actor } from '../actor.js';
import type { Lease } from '../lease.js';

const DOCUMENT = 'document';

const WRITES = 0.35;
/** How often a writer goes on as a reader, without letting a writer in between. */
const READS_AFTERWARDS = 0.4;

/** Reads a document that many may read, but only one may write. Or writes it. */
export async function readOrWrite(actor: Actor): Promise<void> {
  if (actor.random.chance(WRITES)) await write(actor);
  else await actor.useOnce([{ name: DOCUMENT, mode: 'shared' }]);
}

async function write(actor: Actor): Promise<void> {
  const lease = await actor.client.acquire([{ name: DOCUMENT }]);
  if (lease === null) return;
  if (await actor.work([lease])) await actor.guarded.done();
  if (actor.random.chance(READS_AFTERWARDS)) await readOn(actor, lease);
  await actor.client.release(lease);
}

async function readOn(actor: Actor, lease: Lease): Promise<void> {
  if (!(await actor.client.share(lease, DOCUMENT))) return;
  const shared = { ...lease, locks: [{ name: DOCUMENT, hold: SHARED }] };
  if (await actor.work([shared])) await actor.guarded.done();
}
