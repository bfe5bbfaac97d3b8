import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from '../../test/support/certificate.js';
import type { LoggedEvent } from '../../test/support/history.js';
import type { Random } from '../disk/random.js';

/** Of how many messages one is taken but not answered with success, so that it must come again. */
const REFUSED_ONE_IN = 500;

interface Received {
  readonly id: string;
  readonly body: string;
}

/** An HTTPS receiver of webhooks that remembers what came, and does not always confirm it. */
export class WebhookListener {
  readonly caFile: string;
  readonly #received: Received[] = [];
  readonly #sequences = new Set<number>();
  readonly #server: Server;

  private constructor(dice: Random) {
    const { key, cert, caFile } = makeCertificate();
    this.caFile = caFile;
    this.#server = createServer({ key, cert }, (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('error', () => undefined);
      request.on('end', () => {
        this.#take({ id: String(request.headers['webhook-id']), body });
        response.writeHead(dice.below(REFUSED_ONE_IN) === 0 ? 500 : 204).end();
      });
    });
  }

  static async start(dice: Random): Promise<WebhookListener> {
    const listener = new WebhookListener(dice);
    await new Promise<void>((resolve) => listener.#server.listen(0, '127.0.0.1', resolve));
    return listener;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** Messages, repeats included. */
  get count(): number {
    return this.#received.length;
  }

  hasAll(events: readonly LoggedEvent[]): boolean {
    return events.every(({ sequence }) => this.#sequences.has(sequence));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Each of the events came, with one id however often, and nothing else did. Returns a sentence for each violation. */
  violations(events: readonly LoggedEvent[]): string[] {
    const violations: string[] = [];
    const happened = new Map(events.map((event) => [event.sequence, event]));
    const bySequence = new Map<number, Received>();
    const byId = new Map<string, number>();
    for (const message of this.#received) {
      const event = JSON.parse(message.body) as LoggedEvent;
      const { sequence } = event;
      if (!isSame(event, happened.get(sequence)))
        violations.push(`a webhook told what did not happen: ${message.body}`);
      const earlier = bySequence.get(sequence);
      if (earlier !== undefined && (earlier.id !== message.id || earlier.body !== message.body)) {
        violations.push(`event ${sequence} came again as something else: ${message.id} ${message.body}`);
      }
      if ((byId.get(message.id) ?? sequence) !== sequence)
        violations.push(`${message.id} was used for two events`);
      bySequence.set(sequence, message);
      byId.set(message.id, sequence);
    }
    for (const { sequence } of events) {
      if (!bySequence.has(sequence)) violations.push(`event ${sequence} never came`);
    }
    return violations;
  }

  #take(message: Received): void {
    this.#received.push(message);
    this.#sequences.add((JSON.parse(message.body) as LoggedEvent).sequence);
  }
}

function isSame(told: LoggedEvent, happened: LoggedEvent | undefined): boolean {
  return (
    happened !== undefined &&
    told.event === happened.event &&
    told.lock === happened.lock &&
    told.fencing_token === happened.fencing_token &&
    told.timestamp === happened.timestamp
  );
}
