import { lastSequence, readEventLog } from '../../kit/history/event-log.js';
import { Client } from '../../kit/http/client.js';
import { Connection } from '../../kit/http/connection.js';
import type { LoggedEvent } from '../../kit/history/event-log-check.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import { BuiltServer } from '../../kit/server/built-server.js';
import { LockTraffic } from './lock-traffic.js';
import type { Misbehaviour } from './misbehaviour.js';
import type { Receiver } from './receiver.js';
import { Receivers } from './receivers.js';
import { INTERESTS, NARROW_INTERESTS, SECRETS, mustReceive, type Interest } from './subscription.js';
import { subscribe, tokenOf, unsubscribe, WEBHOOKS_PER_USER, type Registration } from './registration.js';

export interface TrialPlan {
  /** The entry point of the server. */
  readonly main: string;
  readonly misbehaviours: readonly Misbehaviour[];
  /** How many times each bad receiver misbehaves. */
  readonly times: number;
  readonly kills: number;
  /** How long to wait without any progress, in milliseconds. */
  readonly patienceMs: number;
  /** Reports progress. */
  readonly reportProgress: (connection: string) => void;
}

export interface TrialResult {
  readonly violations: readonly string[];
  readonly events: number;
  readonly acknowledged: number;
  readonly largestMemoryBytes: number;
  readonly receivers: Receivers;
}

/** How many calls the server acknowledges before it is killed. */
const CALLS_PER_KILL = { min: 1, max: 60 };

/** The server is killed at a random instant, up to this many milliseconds later. */
const KILL_DELAY_MS = 20;

const CLIENTS = 3;

/** A server with webhooks to good and bad receivers, that is killed at random instants. */
export class Trial {
  readonly #plan: TrialPlan;
  readonly #random: Random;
  readonly #receivers: Receivers;
  readonly #server: BuiltServer;
  readonly #traffic: LockTraffic;
  readonly #subscriptions = new Map<Receiver, Registration>();
  #largestMemoryBytes = 0;

  private constructor(plan: TrialPlan, random: Random, receivers: Receivers) {
    this.#plan = plan;
    this.#random = random;
    this.#receivers = receivers;
    this.#traffic = new LockTraffic(random.split());
    const users = Math.ceil((plan.misbehaviours.length + 2 * INTERESTS.length + 2) / WEBHOOKS_PER_USER);
    const tokens = Array.from({ length: users }, (_, user) => `u${user}:${tokenOf(user)}`);
    const settings = {
      STATIC_TOKENS: tokens.join(','),
      EVENT_RETENTION: '100000000',
      WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
      WEBHOOK_CA_FILE: receivers.caFile,
    };
    this.#server = new BuiltServer(settings, { main: plan.main });
  }

  static async run(plan: TrialPlan, random: Random): Promise<TrialResult> {
    const receivers = await Receivers.open();
    const trial = new Trial(plan, random, receivers);
    try {
      return await trial.#run();
    } finally {
      await trial.#server.remove();
      await receivers.close();
    }
  }

  async #run(): Promise<TrialResult> {
    await this.#server.start();
    await this.#createWebhooks();
    const stop = new AbortController();
    const connect = (): Connection => new Connection(() => this.#server.address, tokenOf(0));
    const [everything] = this.#receivers.good;
    const delivered = (): number => everything?.inbox.distinct ?? Infinity;
    const traffic = this.#traffic.run(CLIENTS, connect, delivered, stop.signal);
    try {
      await this.#killRepeatedly();
    } finally {
      stop.abort();
      await traffic;
    }
    for (const receiver of this.#receivers.all) receiver.recover();
    const due = await readEventLog(this.#client);
    await this.#waitForAll(due);
    // Later events, such as the end of a lease, may have been delivered too.
    const happened = await readEventLog(this.#client);
    this.#recordMemory();
    return {
      violations: [...this.#traffic.violations(happened), ...this.#findings(due, happened)],
      events: happened.length,
      acknowledged: this.#traffic.acknowledged,
      largestMemoryBytes: this.#largestMemoryBytes,
      receivers: this.#receivers,
    };
  }

  get #client(): Client {
    return new Client(this.#server.url, tokenOf(0));
  }

  async #createWebhooks(): Promise<void> {
    for (const interest of INTERESTS) await this.#register(await this.#receivers.addGood(), interest);
    for (const [index, misbehaviour] of this.#plan.misbehaviours.entries()) {
      const receiver = await this.#receivers.addBad(misbehaviour, this.#plan.times, this.#random.split());
      await this.#register(receiver, NARROW_INTERESTS[index % NARROW_INTERESTS.length] ?? INTERESTS[0]);
    }
  }

  async #register(receiver: Receiver, interest: Interest | undefined): Promise<void> {
    if (interest === undefined) throw new Error('there is no interest');
    const number = this.#subscriptions.size;
    const secret = SECRETS[number % SECRETS.length] ?? null;
    this.#subscriptions.set(
      receiver,
      await subscribe(this.#server.url, number, receiver.url, interest, secret),
    );
  }

  /** Kills and restarts the server, and meanwhile creates and deletes webhooks too. */
  async #killRepeatedly(): Promise<void> {
    const [everything] = INTERESTS;
    const leaving = await this.#receivers.addGood();
    await this.#register(leaving, everything);
    for (let kill = 0; kill < this.#plan.kills; kill += 1) {
      await this.#runUntilKill();
      await this.#server.end();
      await this.#server.start();
      if (kill === 0) await this.#register(await this.#receivers.addGood(), everything);
      if (kill === 1) await this.#deregister(leaving);
      if (kill % 20 === 19)
        this.#plan.reportProgress(`${kill + 1} kills, ${this.#traffic.acknowledged} calls`);
    }
    this.#plan.reportProgress('all kills done; waiting for the deliveries that are due');
    await this.#waitForMisbehaviour();
  }

  /** Waits until every bad receiver has misbehaved. One that was never called would prove nothing. */
  #waitForMisbehaviour(): Promise<void> {
    return this.#until(() => this.#receivers.bad.every(({ misbehaved }) => misbehaved > 0));
  }

  async #runUntilKill(): Promise<void> {
    const end = this.#traffic.acknowledged + this.#random.between(CALLS_PER_KILL.min, CALLS_PER_KILL.max);
    await this.#until(() => this.#traffic.acknowledged >= end);
    await pause(this.#random.between(0, KILL_DELAY_MS));
    this.#recordMemory();
  }

  #recordMemory(): void {
    this.#largestMemoryBytes = Math.max(this.#largestMemoryBytes, this.#server.residentBytes);
  }

  /** Deletes a webhook once its receiver has every event so far. Waits until another receiver has later events. */
  async #deregister(leaving: Receiver): Promise<void> {
    const registration = this.#registrationOf(leaving);
    const soFar = await lastSequence(this.#client);
    await this.#until(() => leaving.inbox.latest >= soFar);
    await unsubscribe(this.#server.url, registration);
    const [staying] = this.#receivers.good;
    await this.#until(
      () => staying === undefined || staying.inbox.latest > registration.subscription.notAfter,
    );
  }

  #registrationOf(receiver: Receiver): Registration {
    const registration = this.#subscriptions.get(receiver);
    if (registration === undefined) throw new Error('a receiver without a webhook');
    return registration;
  }

  /** Resolves when every receiver has the last event that is due, since events arrive in order, or when nothing arrives. */
  async #waitForAll(due: readonly LoggedEvent[]): Promise<void> {
    for (const [{ inbox }, { subscription }] of this.#subscriptions) {
      const last = due.findLast((event) => mustReceive(event, subscription));
      await this.#until(() => last === undefined || inbox.has(last));
    }
  }

  /** Resolves when the condition is met, or when nothing has happened for too long. */
  async #until(condition: () => boolean): Promise<void> {
    let [last, lastMs] = [0, nowMs()];
    while (!condition() && nowMs() < lastMs + this.#plan.patienceMs) {
      await pause(10);
      const progress = this.#traffic.acknowledged + this.#receivers.activity;
      if (progress > last) [last, lastMs] = [progress, nowMs()];
    }
  }

  #findings(due: readonly LoggedEvent[], happened: readonly LoggedEvent[]): string[] {
    const bySequence = new Map(happened.map((event) => [event.sequence, event]));
    const findings: string[] = [];
    for (const [receiver, { subscription, label }] of this.#subscriptions) {
      for (const violation of receiver.inbox.violations(subscription, bySequence, due)) {
        findings.push(`a webhook (${label}), receiver "${receiver.name}": ${violation}`);
      }
    }
    return findings;
  }
}
