import { ClaimBroken, type Figures, type Proof } from '../proof.js';
import { SsrfStory } from './ssrf-story.js';

export const ssrf: Proof = {
  name: 'ssrf',
  claim:
    'No webhook makes the server connect to an address that is not public, whatever its URL, its name server or its past.',
  run,
};

async function run(): Promise<Figures> {
  const { violations, ...found } = await SsrfStory.tell();
  const [first] = violations;
  if (first !== undefined) throw new ClaimBroken(`${violations.length} violations, the first: ${first}`);
  return {
    'URLs, all refused': found.refusedUrls,
    'webhooks whose host turned out to be forbidden': found.refusedNames,
    'connections to this machine or another': 0,
    'connections begun to an address of nobody, before it was rebound': found.outward,
    'control: connections to this machine when allowed': found.allowed,
    'control: addresses that they came to': found.allowedAddresses,
  };
}
