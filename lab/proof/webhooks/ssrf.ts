import { ClaimBroken, type Figures, type Proof } from '../proof.js';
import { SsrfAttack } from './ssrf-attack.js';

export const ssrf: Proof = {
  name: 'ssrf',
  claim:
    'No webhook makes the server connect to an address that is not public, whatever its URL, its name server or its history.',
  run,
};

async function run(): Promise<Figures> {
  const { violations, ...found } = await SsrfAttack.run();
  const [first] = violations;
  if (first !== undefined) throw new ClaimBroken(`${violations.length} violations, the first: ${first}`);
  return {
    'URLs, all refused': found.refusedUrls,
    'webhooks with hosts that resolved to forbidden addresses': found.refusedNames,
    'connections to forbidden addresses': 0,
    'connections to an unassigned address, before its name was rebound': found.outward,
    'control: connections to this machine when allowed': found.allowed,
    'control: local addresses that they used': found.allowedAddresses,
  };
}
