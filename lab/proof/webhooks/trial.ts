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
import { INTERESTS, NARROW_INTERESTS, SECRETS, mustTell, type Interest } from './subscription.js';
import { subscribe, tokenOf, unsubscribe, WEBHOOKS_PER_USER, type Registration } from './registration.js';

export interface TrialPlan {
  /** The entry of the program. */
  readonly main: string;
  readonly misbehaviours: readonly Misbehaviour[];
  /** Times that each bad receiver misbehaves. */
  readonly times: number;
  readonly kills: number;
  /** How long nothing at all may come before what is missing is given up. In milliseconds. */
  readonly patienceMs: number;
  /** Says how far it has come. */
  readonly tell: (line: string) => void;
}

export interface TrialResult {
  readonly violations: readonly string[];
  readonly events: number;
  readonly acknowledged: number;
  readonly largestMemoryBytes: number;
  readonly receivers: Receivers;
}

/** Calls that a server acknowledges before it is killed. */
const LIFE_CALLS = { min: 1, max: 60 };

/** It is killed up to so many milliseconds later: at any instant. */
const DYING_MS = 20;

const CLIENTS = 3;

/** A server with webhooks to good and bad receivers, that is killed at random instants. */
export class Trial {
  readonly #plan: TrialPlan;
  readonly #dice: Random;
  readonly #receivers: Receivers;
  readonly #server: BuiltServer;
  readonly #traffic: LockTraffic;
  readonly #subscriptions = new Map<Receiver, Registration>();
  #largestMemoryBytes = 0;

  private constructor(plan: TrialPlan, dice: Random, receivers: Receivers) {
    this.#plan = plan;
    this.#dice = dice;
    this.#receivers = receivers;
    this.#traffic = new LockTraffic(dice.split());
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

  static async run(plan: TrialPlan, dice: Random): Promise<TrialResult> {
    const receivers = await Receivers.open();
    const trial = new Trial(plan, dice, receivers);
    try {
      return await trial.#run();
    } finally {
      await trial.#server.remove();
      await receivers.close();
    }
  }

  async #run(): Promise<TrialResult> {
    await this.#server.start();
    await this.#hookUp();
    const stop = new AbortController();
    const connect = (): Connection => new Connection(() => this.#server.address, tokenOf(0));
    const [listener] = this.#receivers.good;
    const told = (): number => listener?.inbox.different ?? Infinity;
    const traffic = this.#traffic.run(CLIENTS, connect, told, stop.signal);
    try {
      await this.#killAgainAndAgain();
    } finally {
      stop.abort();
      await traffic;
    }
    for (const receiver of this.#receivers.all) receiver.heal();
    const due = await readEventLog(this.#client);
    await this.#arrival(due);
    // What happened meanwhile, such as the end of a lease, may have been told already.
    const happened = await readEventLog(this.#client);
    this.#noteMemory();
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

  async #hookUp(): Promise<void> {
    for (const interest of INTERESTS) await this.#register(await this.#receivers.addGood(), interest);
    for (const [index, misbehaviour] of this.#plan.misbehaviours.entries()) {
      const receiver = await this.#receivers.addBad(misbehaviour, this.#plan.times, this.#dice.split());
      await this.#register(receiver, NARROW_INTERESTS[index % NARROW_INTERESTS.length] ?? INTERESTS[0]);
    }
  }

  async #register(receiver: Receiver, interest: Interest | undefined): Promise<void> {
    if (interest === undefined) throw new Error('nothing to ask for');
    const number = this.#subscriptions.size;
    const secret = SECRETS[number % SECRETS.length] ?? null;
    this.#subscriptions.set(
      receiver,
      await subscribe(this.#server.url, number, receiver.url, interest, secret),
    );
  }

  /** While the server lives and dies, webhooks come and go as well. */
  async #killAgainAndAgain(): Promise<void> {
    const [everything] = INTERESTS;
    const leaver = await this.#receivers.addGood();
    await this.#register(leaver, everything);
    for (let kill = 0; kill < this.#plan.kills; kill += 1) {
      await this.#live();
      await this.#server.end();
      await this.#server.start();
      if (kill === 0) await this.#register(await this.#receivers.addGood(), everything);
      if (kill === 1) await this.#deregister(leaver);
      if (kill % 20 === 19) this.#plan.tell(`${kill + 1} kills, ${this.#traffic.acknowledged} calls`);
    }
    this.#plan.tell('the last kill is over; waiting for what is due');
    await this.#everyBadDeed();
  }

  /** A kind of bad receiver that nobody called would prove nothing. */
  #everyBadDeed(): Promise<void> {
    return this.#until(() => this.#receivers.bad.every(({ misbehaved }) => misbehaved > 0));
  }

  async #live(): Promise<void> {
    const end = this.#traffic.acknowledged + this.#dice.between(LIFE_CALLS.min, LIFE_CALLS.max);
    await this.#until(() => this.#traffic.acknowledged >= end);
    await pause(this.#dice.between(0, DYING_MS));
    this.#noteMemory();
  }

  #noteMemory(): void {
    this.#largestMemoryBytes = Math.max(this.#largestMemoryBytes, this.#server.residentBytes);
  }

  /** Deletes the webhook of a receiver that has been told everything so far, and sees that the others are told more. */
  async #deregister(leaver: Receiver): Promise<void> {
    const registration = this.#registrationOf(leaver);
    const soFar = await lastSequence(this.#client);
    await this.#until(() => leaver.inbox.latest >= soFar);
    await unsubscribe(this.#server.url, registration);
    const [stayer] = this.#receivers.good;
    await this.#until(() => stayer === undefined || stayer.inbox.latest > registration.subscription.notAfter);
  }

  #registrationOf(receiver: Receiver): Registration {
    const registration = this.#subscriptions.get(receiver);
    if (registration === undefined) throw new Error('a receiver without a webhook');
    return registration;
  }

  /** Resolves when every receiver has the last that it must be told, before which all others must have come, or time is over. */
  async #arrival(due: readonly LoggedEvent[]): Promise<void> {
    for (const [{ inbox }, { subscription }] of this.#subscriptions) {
      const last = due.findLast((event) => mustTell(event, subscription));
      await this.#until(() => last === undefined || inbox.has(last));
    }
  }

  /** Resolves when something is so, or when nothing has come for too long. */
  async #until(isSo: () => boolean): Promise<void> {
    let [last, lastMs] = [0, nowMs()];
    while (!isSo() && nowMs() < lastMs + this.#plan.patienceMs) {
      await pause(10);
      const come = this.#traffic.acknowledged + this.#receivers.deeds;
      if (come > last) [last, lastMs] = [come, nowMs()];
    }
  }

  #findings(due: readonly LoggedEvent[], happened: readonly LoggedEvent[]): string[] {
    const bySequence = new Map(happened.map((event) => [event.sequence, event]));
    const findings: string[] = [];
    for (const [receiver, { subscription, label }] of this.#subscriptions) {
      for (const violation of receiver.inbox.violations(subscription, bySequence, due)) {
        findings.push(`a webhook (${label}) whose receiver ${receiver.name}: ${violation}`);
      }
    }
    return findings;
  }
}
