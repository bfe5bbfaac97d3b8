import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Connection, type Address } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';

/** Nothing listens there, so deliveries stay pending. */
const DEAD_WEBHOOK = 'https://127.0.0.1:9/';

/** The settings with which a server accepts that webhook. */
export const EVENT_RECEIVER_SETTINGS = { WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' } as const;

/** Receivers of every event: a watch of all locks, and a webhook whose receiver is down. */
export class EventReceivers {
  readonly #stream: IncomingMessage;
  /** How many bytes the watch has received. */
  received = 0;

  private constructor(stream: IncomingMessage) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.on('data', (bytes: Buffer) => (this.received += bytes.length));
  }

  static async start(address: Address): Promise<EventReceivers> {
    const connection = new Connection(() => address, TOKEN);
    const { status, text } = await connection.post('/webhooks', { url: DEAD_WEBHOOK });
    connection.cut();
    if (status !== 201) throw new Error(`the webhook was refused: ${status} ${text}`);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const request = get({ ...address, path: '/watch?prefix=', headers, agent: false });
    const [stream] = (await once(request, 'response')) as [IncomingMessage];
    request.on('error', () => undefined);
    return new EventReceivers(stream);
  }

  stop(): void {
    this.#stream.destroy();
  }
}
