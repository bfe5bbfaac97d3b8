import { ClaimBroken } from '../proof.js';
import { findingsIn, Secret, type Place } from './secret.js';
import { newSecret, type Canaries } from './deeds.js';

/** Plants a secret in each place in each form and expects it to be found there. Returns how often. */
export function expectFindings(places: readonly Place[]): number {
  let planted = 0;
  for (const place of places) {
    const secret = newSecret('a planted secret', 'other');
    for (const { form, bytes } of secret.traces) {
      const at = Math.floor(place.content.length / 2);
      const content = Buffer.concat([place.content.subarray(0, at), bytes, place.content.subarray(at)]);
      const findings = findingsIn([{ ...place, content }], [secret]);
      if (findings.length === 0) throw new ClaimBroken(`a secret in ${place.name}, ${form}, was not found`);
      planted += 1;
    }
  }
  return planted;
}

/** Expects texts that are no secrets to be where the server itself has put them. */
export function expectCanaries(
  places: readonly Place[],
  { metadata, requestId }: Canaries,
  databases: readonly string[],
): void {
  const expectIn = (name: string, secret: Secret): void => {
    const place = places.filter((one) => one.name.includes(name));
    if (findingsIn(place, [secret]).length === 0)
      throw new ClaimBroken(`${secret.name} was not found in ${name}`);
  };
  for (const name of databases) expectIn(name, metadata);
  expectIn('output of a run', requestId);
}
