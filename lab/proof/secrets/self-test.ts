import { ClaimBroken } from '../proof.js';
import { findingsIn, Secret, type Source } from './secret.js';
import { newSecret, type Canaries } from './use-api.js';

/** Plants a secret in each source in each form, and expects the search to find it. Returns how many were planted. */
export function expectFindings(sources: readonly Source[]): number {
  let planted = 0;
  for (const source of sources) {
    const secret = newSecret('a planted secret', 'other');
    for (const { form, bytes } of secret.traces) {
      const at = Math.floor(source.content.length / 2);
      const content = Buffer.concat([source.content.subarray(0, at), bytes, source.content.subarray(at)]);
      const findings = findingsIn([{ ...source, content }], [secret]);
      if (findings.length === 0) throw new ClaimBroken(`a secret in ${source.name}, ${form}, was not found`);
      planted += 1;
    }
  }
  return planted;
}

/** Expects the search to find the canaries where the server itself has put them. */
export function expectCanaries(
  sources: readonly Source[],
  { metadata, requestId }: Canaries,
  databases: readonly string[],
): void {
  const expectIn = (name: string, secret: Secret): void => {
    const source = sources.filter((one) => one.name.includes(name));
    if (findingsIn(source, [secret]).length === 0)
      throw new ClaimBroken(`${secret.name} was not found in ${name}`);
  };
  for (const name of databases) expectIn(name, metadata);
  expectIn('output of a run', requestId);
}
