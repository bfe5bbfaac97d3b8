import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Connection, type Address } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';

/** Nobody listens there, so whatever is sent there waits in its queue. */
const DEAD_WEBHOOK = 'https://127.0.0.1:9/';

/** The settings with which a server takes such a webhook. */
export const AUDIENCE_SETTINGS = { WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' } as const;

/** Those whom each event concerns: a watch of all locks, and a webhook whose receiver is down. */
export class EventAudience {
  readonly #stream: IncomingMessage;
  /** Bytes that the watch was sent. */
  received = 0;

  private constructor(stream: IncomingMessage) {
    this.#stream = stream;
    stream.on('error', () => undefined);
    stream.on('data', (bytes: Buffer) => (this.received += bytes.length));
  }

  static async gather(address: Address): Promise<EventAudience> {
    const connection = new Connection(() => address, TOKEN);
    const { status, text } = await connection.post('/webhooks', { url: DEAD_WEBHOOK });
    connection.cut();
    if (status !== 201) throw new Error(`no webhook: ${status} ${text}`);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const request = get({ ...address, path: '/watch?prefix=', headers, agent: false });
    const [stream] = (await once(request, 'response')) as [IncomingMessage];
    request.on('error', () => undefined);
    return new EventAudience(stream);
  }

  leave(): void {
    this.#stream.destroy();
  }
}
