import { Client } from '../../kit/http/client.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { ClaimBroken } from '../proof.js';
import { withServer } from '../../kit/server/built-server.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { Receivers } from './receivers.js';
import { subscribe, tokenOf } from './registration.js';

/** Five seconds, minus the maximum jitter of a fifth. */
const FIRST_RETRY_MIN_MS = 4_000;

interface DeliveryBody {
  readonly state: string;
  readonly attempts: readonly { readonly at: string }[];
}

/**
 * Checks the unpatched server in real time: a refused message is sent again, but not at once. Returns the delay in milliseconds,
 * from the server's own record, so a busy machine does not matter.
 */
export async function realRetry(random: Random): Promise<number> {
  const refusal = MISBEHAVIOURS.find(({ name }) => name === '500');
  if (refusal === undefined) throw new Error('there is no misbehaviour named 500');
  const receivers = await Receivers.open();
  const settings = {
    STATIC_TOKENS: `u0:${tokenOf(0)}`,
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    WEBHOOK_CA_FILE: receivers.caFile,
  };
  try {
    return await withServer(settings, async ({ url }) => {
      const receiver = await receivers.addBad(refusal, 1, random);
      const { id } = await subscribe(url, 0, receiver.url, { covers: () => true }, null);
      const client = new Client(url, tokenOf(0));
      await client.post('/locks/real/acquire', { ttl_seconds: 60 });
      return await waitAfterFailure(client, id);
    });
  } finally {
    await receivers.close();
  }
}

async function waitAfterFailure(client: Client, webhookId: string): Promise<number> {
  for (;;) {
    const { body } = await client.get(`/webhooks/${webhookId}/deliveries`);
    const [delivery] = body['deliveries'] as readonly DeliveryBody[];
    if (delivery?.state === 'delivered') {
      const [first = 0, second = 0] = delivery.attempts.map(({ at }) => Date.parse(at));
      if (second - first < FIRST_RETRY_MIN_MS)
        throw new ClaimBroken(`the first retry came after only ${second - first} ms`);
      return second - first;
    }
    await pause(50);
  }
}
