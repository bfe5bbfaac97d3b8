import { readEventLog } from '../../kit/history/event-log.js';
import { Client } from '../../kit/http/client.js';
import { logViolations, type LoggedEvent } from '../../kit/history/event-log-check.js';
import type { Grant } from '../../kit/history/history.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { MISBEHAVIOURS } from '../webhooks/misbehaviour.js';
import type { Receiver } from '../webhooks/receiver.js';
import { Receivers } from '../webhooks/receivers.js';
import { subscribe } from '../webhooks/registration.js';
import { mustReceive, type Interest, type Subscription } from '../webhooks/subscription.js';
import { Watcher } from './watcher.js';
import { tokenOf } from '../../kit/load/shared-state.js';

/** The webhook's locks: those of a few clients, since the server drops deliveries beyond 10,000 pending ones. */
const HOOKED: Interest = { lock_pattern: 'own/*/1*', covers: (lock) => /^own\/.*\/1/.test(lock) };

/** The user who owns the webhook and the watch stream. */
const OWNER = 'u0';

const RETRY_MS = 500;

/** Compares the event log with the clients' answers, and a webhook and a watch stream with the log. */
export class EventChecker {
  readonly #receiver: Receiver;
  readonly #receivers: Receivers;
  readonly #watcher = new Watcher();
  readonly #stop = new AbortController();
  #subscription: Subscription | null = null;
  #log: readonly LoggedEvent[] = [];

  private constructor(receivers: Receivers, receiver: Receiver) {
    this.#receivers = receivers;
    this.#receiver = receiver;
  }

  /** With a receiver that accepts every message. */
  static async open(): Promise<EventChecker> {
    const receivers = await Receivers.open();
    return new EventChecker(receivers, await receivers.addGood());
  }

  /** With a receiver that answers some messages with an error, so that they are sent again. */
  static async refusing(times: number, random: Random): Promise<EventChecker> {
    const refusal = MISBEHAVIOURS.find(({ name }) => name === '500');
    if (refusal === undefined) throw new Error('there is no misbehaviour named 500');
    const receivers = await Receivers.open();
    return new EventChecker(receivers, await receivers.addBad(refusal, times, random));
  }

  /** The settings that the server needs. */
  get settings(): Settings {
    return {
      EVENT_RETENTION: '100000000',
      WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
      WEBHOOK_CA_FILE: this.#receivers.caFile,
    };
  }

  /** Subscribes to all events of a server that has just started. */
  async begin(server: BuiltServer): Promise<void> {
    // Unsigned: a signature is valid for five minutes, and messages are only checked at the end.
    const { subscription } = await subscribe(server.url, 0, this.#receiver.url, HOOKED, null);
    this.#subscription = subscription;
    void this.#watcher.watch(server, tokenOf(OWNER), this.#stop.signal);
  }

  /**
   * Reads the whole log and compares. Returns a sentence per violation.
   *
   * @param patienceMs how long to wait without any progress.
   */
  async violations(server: BuiltServer, grants: readonly Grant[], patienceMs: number): Promise<string[]> {
    const subscription = this.#subscription;
    if (subscription === null) throw new Error('call `begin` first');
    const due = await readLog(server, patienceMs);
    await this.#arrival(due, subscription, patienceMs);
    // Events that happen while the log is read, such as the end of a lease, must not count.
    const received = { messages: this.#receiver.inbox.count, events: this.#watcher.count };
    this.#log = await readLog(server, patienceMs);
    const bySequence = new Map(this.#log.map((event) => [event.sequence, event]));
    return [
      ...logViolations(this.#log, grants),
      ...this.#receiver.inbox.violations(subscription, bySequence, due, received.messages),
      ...this.#watcher.violations(this.#log, received.events),
      ...(this.#watcher.hasAll(due) ? [] : ['a watch stream stopped sending']),
    ];
  }

  get figures(): Readonly<Record<string, number>> {
    const { count, repeats } = this.#receiver.inbox;
    return {
      'events in the log': this.#log.length,
      'events in a watch stream, once each': this.#watcher.count,
      'messages to a webhook': count,
      'messages sent again': repeats,
    };
  }

  /** Closes the receiver and the watch stream. The server must have ended before. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#receivers.close();
  }

  /** Resolves when everything due has arrived, or when nothing has for too long. */
  async #arrival(due: readonly LoggedEvent[], subscription: Subscription, patienceMs: number): Promise<void> {
    const { inbox } = this.#receiver;
    const expected = due.filter((event) => mustReceive(event, subscription));
    let [last, lastMs] = [0, nowMs()];
    while (!(inbox.hasAll(expected) && this.#watcher.hasAll(due)) && nowMs() < lastMs + patienceMs) {
      await pause(20);
      // Newer events do not count.
      const received = inbox.count + Math.min(this.#watcher.count, due.length);
      if (received > last) [last, lastMs] = [received, nowMs()];
    }
  }
}

/** Retries, since an overloaded server may shed the request. */
async function readLog({ url }: BuiltServer, patienceMs: number): Promise<LoggedEvent[]> {
  const endMs = nowMs() + patienceMs;
  for (;;) {
    try {
      return await readEventLog(new Client(url, tokenOf(OWNER)));
    } catch (error) {
      if (nowMs() > endMs) throw error;
      await pause(RETRY_MS);
    }
  }
}
