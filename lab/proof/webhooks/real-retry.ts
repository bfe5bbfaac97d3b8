import { Client } from '../../kit/http/client.js';
import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { ClaimBroken } from '../proof.js';
import { withServer } from '../../kit/server/built-server.js';
import { MISBEHAVIOURS } from './misbehaviour.js';
import { Receivers } from './receivers.js';
import { subscribe, tokenOf } from './registration.js';

/** Five seconds, less a fifth at most. */
const FIRST_RETRY_MIN_MS = 4_000;

interface DeliveryBody {
  readonly state: string;
  readonly attempts: readonly { readonly at: string }[];
}

/**
 * The program as it is, in real time: a message that is refused comes again by itself, but not at once. Returns after how
 * many milliseconds, by the server's own account; how late a busy machine is does not matter.
 */
export async function realRetry(random: Random): Promise<number> {
  const refusal = MISBEHAVIOURS.find(({ name }) => name === '500');
  if (refusal === undefined) throw new Error('nobody refuses');
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
        throw new ClaimBroken(`tried again after ${second - first} ms`);
      return second - first;
    }
    await pause(50);
  }
}
