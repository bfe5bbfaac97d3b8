import * as fc from 'fast-check';
import { Random } from '../../kit/random.js';
import { breakProtocol, corruptBytes, sendNoise } from './attacks/framing.js';
import { sendBodies, sendEncodings } from './attacks/bodies.js';
import { addHeaders, forgeAdminKeys, forgeSignIns, forgeTokens } from './attacks/credentials.js';
import { askForIds, listAnything, watchAnything } from './attacks/lookups.js';
import { acquireAnything, showAnything, callAnything } from './attacks/names.js';
import type { RawAttack, Attack, Target } from './attacks/attack.js';
import type { RawFuzzRequest, FuzzRequest } from './fuzz-request.js';

/** A batch has this many hundred requests, before they are shuffled. */
const HUNDREDS = 4;

/** An endless mix of one user's attacks, by their shares. The same seed gives the same requests. */
export function* requestsFor(target: Target, seed: number): Generator<FuzzRequest, never> {
  const attacks: readonly Attack[] = [
    showAnything(target),
    acquireAnything(target),
    callAnything(target),
    sendBodies(target),
    sendEncodings(target),
    forgeTokens(target),
    forgeAdminKeys(target),
    forgeSignIns(),
    addHeaders(target),
    listAnything(target),
    watchAnything(target),
    askForIds(target),
  ];
  return yield* mixed(attacks, seed);
}

/** The same for bytes that need not be requests. */
export function* rawRequestsFor(target: Target, seed: number): Generator<RawFuzzRequest, never> {
  const attacks: readonly RawAttack[] = [corruptBytes(target), sendNoise(), breakProtocol(target)];
  return yield* mixed(attacks, seed);
}

function* mixed<T>(
  attacks: readonly { readonly share: number; readonly requests: fc.Arbitrary<T> }[],
  seed: number,
): Generator<T, never> {
  const random = new Random(seed);
  for (;;) {
    const batch = attacks.flatMap(({ share, requests }) =>
      fc.sample(requests, { numRuns: share * HUNDREDS, seed: random.below(2 ** 31) }),
    );
    const order = batch.map((request) => ({ request, position: random.next() }));
    for (const { request } of order.toSorted((a, b) => a.position - b.position)) yield request;
  }
}
