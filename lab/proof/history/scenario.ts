import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, isTurnedAway, NoAnswer, type Address, type Answer } from '../../kit/http/connection.js';
import { tokenOf } from '../../kit/load/world.js';

/** How long the server may take for what it should do at once: it may have been stopped, and the machine may be busy. */
const PATIENCE_MS = 30_000;

/** Longer than anybody has patience: of waiting in line, of leases, and of sessions. */
export const LONG_WAIT_SECONDS = 60;
export const LONG_TTL_SECONDS = 600;
const LONG_SESSION_SECONDS = 300;

/** The service did not do what a scenario demands. */
export class ScenarioFailed extends Error {
  override readonly name = 'ScenarioFailed';
}

export interface Lease {
  readonly lock: string;
  readonly leaseId: string;
}

/** One user of a scenario. Each call has its own connection, so a user can wait and do something else. */
export class Actor {
  constructor(
    readonly name: string,
    private readonly address: () => Address,
  ) {}

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const connection = this.connect();
    try {
      const text = body === undefined ? '' : JSON.stringify(body);
      const answer = await connection.call(method, path, text, PATIENCE_MS * 3);
      // A server that is too busy gives no answer that a scenario could go on with.
      if (isTurnedAway(answer)) throw new NoAnswer(answer.callMs, 'undecided', answer.text);
      return answer;
    } finally {
      connection.cut();
    }
  }

  connect(): Connection {
    return new Connection(this.address, tokenOf(this.name));
  }

  acquire({ lock, leaseId }: Lease, more: object = {}): Promise<Answer> {
    return this.call('POST', `/locks/${lock}/acquire`, {
      lease_id: leaseId,
      ttl_seconds: LONG_TTL_SECONDS,
      ...more,
    });
  }

  /** Acquires a lock that must be free. */
  async take(lock: string, more: object = {}): Promise<Lease> {
    const lease = { lock, leaseId: randomUUID() };
    expectStatus(await this.acquire(lease, more), 200, `${this.name} takes ${lock}, which is free`);
    return lease;
  }

  renew({ lock, leaseId }: Lease, ttlSeconds = LONG_TTL_SECONDS): Promise<Answer> {
    return this.call('POST', `/locks/${lock}/renew`, { lease_id: leaseId, ttl_seconds: ttlSeconds });
  }

  release({ lock, leaseId }: Lease): Promise<Answer> {
    return this.call('POST', `/locks/${lock}/release`, { lease_id: leaseId });
  }

  async openSession(ttlSeconds = LONG_SESSION_SECONDS): Promise<string> {
    const answer = await this.call('POST', '/sessions', { ttl_seconds: ttlSeconds });
    expectStatus(answer, 201, 'a session is opened');
    return String(answer.body['session_id']);
  }

  status(lock: string): Promise<Answer> {
    return this.call('GET', `/locks/${encodeURIComponent(lock)}`);
  }

  /** Resolves when so many wait for a lock. */
  async seesWaiters(lock: string, count: number): Promise<void> {
    const endMs = nowMs() + PATIENCE_MS;
    while (nowMs() < endMs) {
      const { body } = await this.status(lock);
      if (body['waiters'] === count) return;
      await pause(5);
    }
    throw new ScenarioFailed(`${lock} does not have ${count} waiters`);
  }
}

/** Users of one scenario, and a lock that no one else uses. */
export interface Cast {
  readonly ann: Actor;
  readonly ben: Actor;
  readonly lock: string;
  /** How many locks a user may hold. */
  readonly quota: number;
}

export type Scenario = (cast: Cast) => Promise<void>;

export function newLease(lock: string): Lease {
  return { lock, leaseId: randomUUID() };
}

export function expectStatus({ status, text }: Answer, expected: number, what: string): void {
  if (status !== expected) throw new ScenarioFailed(`${what}: ${status} instead of ${expected}: ${text}`);
}

export function demand(isTrue: boolean, what: string): void {
  if (!isTrue) throw new ScenarioFailed(what);
}

/** The answer, if it comes while a scenario can wait for it, `laterMs` after what should be at once. */
export async function inTime(answer: Promise<Answer>, what: string, laterMs = 0): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ScenarioFailed(`${what}: no answer`)), PATIENCE_MS + laterMs);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
