import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { mayTell, mustTell, type Subscription } from './subscription.js';

/** A whole message. */
export interface Message {
  /** The number of its connection. Webhooks use one at a time, so this is the order in which they were sent. */
  readonly connection: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether it was answered in a way that counts as success. */
  readonly isConfirmed: boolean;
}

interface Told {
  readonly id: string;
  readonly body: string;
}

/** What came for one webhook. */
export class Inbox {
  readonly #messages: Message[] = [];
  readonly #sequences = new Set<number>();
  readonly #confirmed = new Set<number>();

  take(message: Message): void {
    this.#messages.push(message);
    const { sequence } = eventOf(message);
    this.#sequences.add(sequence);
    if (message.isConfirmed) this.#confirmed.add(sequence);
  }

  /** Messages, repeats included. */
  get count(): number {
    return this.#messages.length;
  }

  /** Events that came, repeats left out. */
  get different(): number {
    return this.#sequences.size;
  }

  /** Messages that came again. */
  get repeats(): number {
    return this.count - this.different;
  }

  /** The latest event that has come; 0 if none has. */
  get latest(): number {
    return Math.max(0, ...this.#sequences);
  }

  /** Whether an event has come and was confirmed. */
  has({ sequence }: LoggedEvent): boolean {
    return this.#confirmed.has(sequence);
  }

  /** Whether each of the events has come and was confirmed. */
  hasAll(events: readonly LoggedEvent[]): boolean {
    return events.every((event) => this.has(event));
  }

  /**
   * Checks all that came against all that happened. Returns a sentence for each violation.
   *
   * @param due Events of which it must have been told by now.
   * @param upTo How many messages count: those that had come when `happened` was read, and not what may have come since.
   */
  violations(
    subscription: Subscription,
    happened: ReadonlyMap<number, LoggedEvent>,
    due: readonly LoggedEvent[],
    upTo = this.count,
  ): string[] {
    const inOrder = this.#messages.slice(0, upTo).toSorted((a, b) => a.connection - b.connection);
    return [
      ...inOrder.flatMap((message) => untrue(message, subscription, happened)),
      ...inOrder.flatMap((message) => unsigned(message, subscription.secret)),
      ...disorder(inOrder),
      ...changedRepeats(inOrder),
      ...due
        .filter((event) => mustTell(event, subscription) && !this.has(event))
        .map(({ sequence, event, lock }) => `event ${sequence} (${event} ${lock}) never came to stay`),
    ];
  }
}

function eventOf({ body }: Message): LoggedEvent {
  return JSON.parse(body) as LoggedEvent;
}

function untrue(
  message: Message,
  subscription: Subscription,
  happened: ReadonlyMap<number, LoggedEvent>,
): string[] {
  const event = happened.get(eventOf(message).sequence);
  if (event === undefined || !isSame(eventOf(message), event))
    return [`told what did not happen: ${message.body}`];
  return mayTell(event, subscription) ? [] : [`told what it had not asked for: ${message.body}`];
}

/** A watch stream tells the same and the holder's login besides. */
function isSame(told: LoggedEvent, logged: LoggedEvent & { readonly holder?: string }): boolean {
  const { holder: _, ...expected } = logged;
  return canonical(told) === canonical(expected);
}

function canonical(value: object): string {
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function unsigned({ headers, body }: Message, secret: string | null): string[] {
  const octostore = headers['x-octostore-signature'];
  if (secret === null) return octostore === undefined ? [] : [`signed without a secret: ${body}`];
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  if (octostore !== expected) return [`X-OctoStore-Signature is wrong: ${body}`];
  try {
    standard(secret).verify(body, headers as Record<string, string>);
    return [];
  } catch (error) {
    return [`webhook-signature is wrong: ${String(error)}, ${body}`];
  }
}

function standard(secret: string): StandardWebhook {
  return secret.startsWith('whsec_')
    ? new StandardWebhook(secret)
    : new StandardWebhook(secret, { format: 'raw' });
}

/** A webhook's messages never go back: only the last may come again. */
function disorder(inOrder: readonly Message[]): string[] {
  const sequences = inOrder.map((message) => eventOf(message).sequence);
  return sequences.flatMap((sequence, index) => {
    const before = sequences[index - 1] ?? 0;
    return before > sequence ? [`event ${sequence} came after event ${before}`] : [];
  });
}

function changedRepeats(inOrder: readonly Message[]): string[] {
  const violations: string[] = [];
  const bySequence = new Map<number, Told>();
  const byId = new Map<string, number>();
  for (const message of inOrder) {
    const { sequence } = eventOf(message);
    const told = { id: String(message.headers['webhook-id']), body: message.body };
    const earlier = bySequence.get(sequence) ?? told;
    if (earlier.id !== told.id) violations.push(`event ${sequence} came again with another webhook-id`);
    if (earlier.body !== told.body)
      violations.push(`event ${sequence} came again as something else: ${told.body}`);
    if ((byId.get(told.id) ?? sequence) !== sequence) violations.push(`${told.id} was used for two events`);
    bySequence.set(sequence, told);
    byId.set(told.id, sequence);
  }
  return violations;
}
