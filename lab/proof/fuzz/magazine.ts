import * as fc from 'fast-check';
import { Random } from '../../kit/random.js';
import { breakProtocol, damageBytes, makeNoise } from './attacks/framing.js';
import { sendBodies, sendEncodings } from './attacks/bodies.js';
import { addHeaders, forgeAdminKeys, forgeSignIns, forgeTokens } from './attacks/credentials.js';
import { askForIds, listAnything, watchAnything } from './attacks/look-ups.js';
import { acquireAnything, askAbout, goAnywhere } from './attacks/names.js';
import type { RawAttack, Attack, Target } from './attacks/attack.js';
import type { RawShot, Shot } from './shot.js';

/** Requests of one kind come one hundred times their share at a time. */
const HUNDREDS = 4;

/** All attacks of one user, mixed in proportion, for ever: the same seed gives the same requests. */
export function* shotsOf(target: Target, seed: number): Generator<Shot, never> {
  const attacks: readonly Attack[] = [
    askAbout(target),
    acquireAnything(target),
    goAnywhere(target),
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

/** The same for bytes that need be no requests. */
export function* rawShotsOf(target: Target, seed: number): Generator<RawShot, never> {
  const attacks: readonly RawAttack[] = [damageBytes(target), makeNoise(), breakProtocol(target)];
  return yield* mixed(attacks, seed);
}

function* mixed<T>(
  attacks: readonly { readonly share: number; readonly shots: fc.Arbitrary<T> }[],
  seed: number,
): Generator<T, never> {
  const random = new Random(seed);
  for (;;) {
    const batch = attacks.flatMap(({ share, shots }) =>
      fc.sample(shots, { numRuns: share * HUNDREDS, seed: random.below(2 ** 31) }),
    );
    const order = batch.map((shot) => ({ shot, place: random.next() }));
    for (const { shot } of order.toSorted((a, b) => a.place - b.place)) yield shot;
  }
}
