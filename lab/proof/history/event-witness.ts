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
import { mustTell, type Interest, type Subscription } from '../webhooks/subscription.js';
import { Watcher } from './watcher.js';
import { tokenOf } from '../../kit/load/world.js';

/** The locks whose events the webhook is told: of a few clients, since more than 10,000 waiting deliveries would be given up. */
const HOOKED: Interest = { lock_pattern: 'own/*/1*', covers: (lock) => /^own\/.*\/1/.test(lock) };

/** Who owns the webhook and watches. */
const OWNER = 'u0';

const RETRY_MS = 500;

/** Holds the event log against what clients were told, and a webhook and a watch stream against the log. */
export class EventWitness {
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

  /** With a receiver that takes every message. */
  static async open(): Promise<EventWitness> {
    const receivers = await Receivers.open();
    return new EventWitness(receivers, await receivers.addGood());
  }

  /** With a receiver that answers some messages with an error, so that they come again. */
  static async refusing(times: number, dice: Random): Promise<EventWitness> {
    const refusal = MISBEHAVIOURS.find(({ name }) => name === '500');
    if (refusal === undefined) throw new Error('nobody answers with 500 any more');
    const receivers = await Receivers.open();
    return new EventWitness(receivers, await receivers.addBad(refusal, times, dice));
  }

  /** What the server must be started with. */
  get settings(): Settings {
    return {
      EVENT_RETENTION: '100000000',
      WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
      WEBHOOK_CA_FILE: this.#receivers.caFile,
    };
  }

  /** Asks a server that has just been started for all that happens. */
  async begin(server: BuiltServer): Promise<void> {
    // Unsigned: signatures hold for five minutes, and messages are looked at when all is over.
    const { subscription } = await subscribe(server.url, 0, this.#receiver.url, HOOKED, null);
    this.#subscription = subscription;
    void this.#watcher.follow(server, tokenOf(OWNER), this.#stop.signal);
  }

  /**
   * Reads the whole log and compares. Returns a sentence for each violation.
   *
   * @param patienceMs How long nothing may come of what must come.
   */
  async violations(server: BuiltServer, grants: readonly Grant[], patienceMs: number): Promise<string[]> {
    const subscription = this.#subscription;
    if (subscription === null) throw new Error('nothing was asked for');
    const due = await readLog(server, patienceMs);
    await this.#arrival(due, subscription, patienceMs);
    // What happened meanwhile, such as the end of a lease, may have been told already, and more while the log is read.
    const told = { messages: this.#receiver.inbox.count, events: this.#watcher.count };
    this.#log = await readLog(server, patienceMs);
    const bySequence = new Map(this.#log.map((event) => [event.sequence, event]));
    return [
      ...logViolations(this.#log, grants),
      ...this.#receiver.inbox.violations(subscription, bySequence, due, told.messages),
      ...this.#watcher.violations(this.#log, told.events),
      ...(this.#watcher.hasAll(due) ? [] : ['a watch stream fell silent']),
    ];
  }

  get figures(): Readonly<Record<string, number>> {
    const { count, repeats } = this.#receiver.inbox;
    return {
      'events in the log': this.#log.length,
      'events that a watch stream told, once each': this.#watcher.count,
      'messages to a webhook': count,
      'messages that came again': repeats,
    };
  }

  /** Ends the watch together with the server, which must have ended. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#receivers.close();
  }

  /** Resolves when all has come that must, or when nothing has for too long. */
  async #arrival(due: readonly LoggedEvent[], subscription: Subscription, patienceMs: number): Promise<void> {
    const { inbox } = this.#receiver;
    const hooked = due.filter((event) => mustTell(event, subscription));
    let [last, lastMs] = [0, nowMs()];
    while (!(inbox.hasAll(hooked) && this.#watcher.hasAll(due)) && nowMs() < lastMs + patienceMs) {
      await pause(20);
      // What happens meanwhile does not count.
      const come = inbox.count + Math.min(this.#watcher.count, due.length);
      if (come > last) [last, lastMs] = [come, nowMs()];
    }
  }
}

/** A server with too much to do may turn a reader away. */
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
