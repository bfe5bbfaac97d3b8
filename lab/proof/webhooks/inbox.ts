import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { mayReceive, mustReceive, type Subscription } from './subscription.js';

/** A complete message. */
export interface Message {
  /** The number of its connection. A webhook uses one at a time, so this is the order of sending. */
  readonly connection: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the answer counts as a success. */
  readonly isConfirmed: boolean;
}

interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
}

/** The messages that one webhook's receiver got. */
export class Inbox {
  readonly #messages: Message[] = [];
  readonly #sequences = new Set<number>();
  readonly #confirmed = new Set<number>();

  add(message: Message): void {
    this.#messages.push(message);
    const { sequence } = eventOf(message);
    this.#sequences.add(sequence);
    if (message.isConfirmed) this.#confirmed.add(sequence);
  }

  /** The number of messages, with repeats. */
  get count(): number {
    return this.#messages.length;
  }

  /** The number of events, without repeats. */
  get distinct(): number {
    return this.#sequences.size;
  }

  /** The number of repeated messages. */
  get repeats(): number {
    return this.count - this.distinct;
  }

  /** The sequence of the latest event. 0 if there is none. */
  get latest(): number {
    return Math.max(0, ...this.#sequences);
  }

  /** Whether an event arrived and was confirmed. */
  has({ sequence }: LoggedEvent): boolean {
    return this.#confirmed.has(sequence);
  }

  /** Whether all events arrived and were confirmed. */
  hasAll(events: readonly LoggedEvent[]): boolean {
    return events.every((event) => this.has(event));
  }

  /**
   * Compares the messages with the event log. Returns a sentence per violation.
   *
   * @param due the events that must have arrived by now, if the subscription covers them.
   * @param upTo how many messages to check: those received before `logged` was read.
   */
  violations(
    subscription: Subscription,
    logged: ReadonlyMap<number, LoggedEvent>,
    due: readonly LoggedEvent[],
    upTo = this.count,
  ): string[] {
    const inOrder = this.#messages.slice(0, upTo).toSorted((a, b) => a.connection - b.connection);
    return [
      ...inOrder.flatMap((message) => wrongContent(message, subscription, logged)),
      ...inOrder.flatMap((message) => wrongSignatures(message, subscription.secret)),
      ...wrongOrder(inOrder),
      ...changedRepeats(inOrder),
      ...due
        .filter((event) => mustReceive(event, subscription) && !this.has(event))
        .map(({ sequence, event, lock }) => `event ${sequence} (${event} ${lock}) was never delivered`),
    ];
  }
}

function eventOf({ body }: Message): LoggedEvent {
  return JSON.parse(body) as LoggedEvent;
}

function wrongContent(
  message: Message,
  subscription: Subscription,
  logged: ReadonlyMap<number, LoggedEvent>,
): string[] {
  const event = logged.get(eventOf(message).sequence);
  if (event === undefined || !isSame(eventOf(message), event))
    return [`a message about what did not happen: ${message.body}`];
  return mayReceive(event, subscription)
    ? []
    : [`a message that the webhook is not subscribed to: ${message.body}`];
}

/** The event log, read from a watch stream, also has the holder's login. */
function isSame(sent: LoggedEvent, logged: LoggedEvent & { readonly holder?: string }): boolean {
  const { holder: _, ...expected } = logged;
  return canonical(sent) === canonical(expected);
}

function canonical(value: object): string {
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function wrongSignatures({ headers, body }: Message, secret: string | null): string[] {
  const octostore = headers['x-octostore-signature'];
  if (secret === null) return octostore === undefined ? [] : [`signed without a secret: ${body}`];
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  if (octostore !== expected) return [`X-OctoStore-Signature is wrong: ${body}`];
  try {
    standardWebhook(secret).verify(body, headers as Record<string, string>);
    return [];
  } catch (error) {
    return [`webhook-signature is wrong: ${String(error)}, ${body}`];
  }
}

function standardWebhook(secret: string): StandardWebhook {
  return secret.startsWith('whsec_')
    ? new StandardWebhook(secret)
    : new StandardWebhook(secret, { format: 'raw' });
}

/** A webhook's messages are in order. Only the last one may be repeated. */
function wrongOrder(inOrder: readonly Message[]): string[] {
  const sequences = inOrder.map((message) => eventOf(message).sequence);
  return sequences.flatMap((sequence, index) => {
    const before = sequences[index - 1] ?? 0;
    return before > sequence ? [`event ${sequence} arrived after event ${before}`] : [];
  });
}

function changedRepeats(inOrder: readonly Message[]): string[] {
  const violations: string[] = [];
  const bySequence = new Map<number, ReceivedMessage>();
  const byId = new Map<string, number>();
  for (const message of inOrder) {
    const { sequence } = eventOf(message);
    const sent = { id: String(message.headers['webhook-id']), body: message.body };
    const earlier = bySequence.get(sequence) ?? sent;
    if (earlier.id !== sent.id) violations.push(`event ${sequence} was repeated with another webhook-id`);
    if (earlier.body !== sent.body)
      violations.push(`event ${sequence} was repeated with different content: ${sent.body}`);
    if ((byId.get(sent.id) ?? sequence) !== sequence) violations.push(`${sent.id} was used for two events`);
    bySequence.set(sequence, sent);
    byId.set(sent.id, sequence);
  }
  return violations;
}
