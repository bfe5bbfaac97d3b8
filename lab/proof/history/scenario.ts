import { randomUUID } from 'node:crypto';
import { nowMs, pause } from '../../../src/process/time.js';
import { Connection, isShed, NoAnswer, type Address, type Answer } from '../../kit/http/connection.js';
import { tokenOf } from '../../kit/load/shared-state.js';

/** How long immediate actions may take, since the server may be paused and the machine may be busy. */
const PATIENCE_MS = 30_000;

/** Times that are longer than any scenario, for waits, leases and sessions. */
export const LONG_WAIT_SECONDS = 60;
export const LONG_TTL_SECONDS = 600;
const LONG_SESSION_SECONDS = 300;

/** The service did not do what the scenario expects. */
export class ScenarioFailed extends Error {
  override readonly name = 'ScenarioFailed';
}

export interface Lease {
  readonly lock: string;
  readonly leaseId: string;
}

/** A user in a scenario. Each call has its own connection, so a user can do something else while it waits. */
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
      // After a shed request, a scenario cannot continue.
      if (isShed(answer)) throw new NoAnswer(answer.callMs, 'undecided', answer.text);
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
  async acquireFree(lock: string, more: object = {}): Promise<Lease> {
    const lease = { lock, leaseId: randomUUID() };
    expectStatus(
      await this.acquire(lease, more),
      200,
      `an acquire of ${lock}, which is free, by ${this.name}`,
    );
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
    expectStatus(answer, 201, 'a new session');
    return String(answer.body['session_id']);
  }

  status(lock: string): Promise<Answer> {
    return this.call('GET', `/locks/${encodeURIComponent(lock)}`);
  }

  /** Resolves when a lock has this many waiters. */
  async waitForWaiters(lock: string, count: number): Promise<void> {
    const endMs = nowMs() + PATIENCE_MS;
    while (nowMs() < endMs) {
      const { body } = await this.status(lock);
      if (body['waiters'] === count) return;
      await pause(5);
    }
    throw new ScenarioFailed(`${lock} does not have ${count} waiters`);
  }
}

/** The users of a scenario, and a lock that no one else uses. */
export interface ScenarioContext {
  readonly ann: Actor;
  readonly ben: Actor;
  readonly lock: string;
  /** How many locks a user may hold. */
  readonly quota: number;
}

export type Scenario = (cast: ScenarioContext) => Promise<void>;

export function newLease(lock: string): Lease {
  return { lock, leaseId: randomUUID() };
}

export function expectStatus({ status, text }: Answer, expected: number, step: string): void {
  if (status !== expected) throw new ScenarioFailed(`${step}: ${status} instead of ${expected}: ${text}`);
}

export function expectThat(isTrue: boolean, problem: string): void {
  if (!isTrue) throw new ScenarioFailed(problem);
}

/** The answer. Throws if it does not arrive in time. `laterMs` is the delay that the scenario expects. */
export async function withTimeout(answer: Promise<Answer>, step: string, laterMs = 0): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ScenarioFailed(`${step}: no answer`)), PATIENCE_MS + laterMs);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
