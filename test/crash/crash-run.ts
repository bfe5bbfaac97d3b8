import { expect } from 'vitest';
import { ALICE, BOB, SOON, type Installation, type ServerProcess } from '../support/process.js';
import { nowMs, pause } from '../../src/process/time.js';
import { addressOf, Connection, type Answer } from '../../lab/kit/http/connection.js';
import { LoadClient } from './load-client.js';
import { RunRecord } from './run-record.js';
import type { LeaseStory } from './stories.js';

const TOKENS = [ALICE, BOB];

/** How far the wall clock may be from where the server believes it to be. */
const WALL_CLOCK_TOLERANCE_MS = 300;

interface Plan {
  readonly installation: Installation;
  readonly clients: number;
  readonly graceSeconds: number;
}

interface Listed {
  readonly name: string;
  readonly lease_id: string;
  readonly fencing_token: number;
  readonly expires_at: string;
}

/** Load on a server that is killed again and again, and a look at what is left after each time. */
export class CrashRun {
  readonly record = new RunRecord();
  readonly #plan: Plan;
  readonly #clients: LoadClient[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#clients = Array.from(
      { length: plan.clients },
      (_, number) => new LoadClient(`c${number}`, this.record),
    );
  }

  /** Starts the server, checks what it remembers, works on it for a while, but for `callsMin` answers at least, and kills it. */
  async cycle(workMs: number, callsMin: number): Promise<void> {
    const startedAtWallMs = Date.now();
    const server = await this.#plan.installation.start();
    await this.verify(server, startedAtWallMs);
    const connections = this.#clients.map(
      (_, number) => new Connection(() => addressOf(server.url), tokenOf(number)),
    );
    const work = Promise.all(
      this.#clients.map((client, number) => client.work(connections[number] ?? unreachable())),
    );
    const enough = this.record.acknowledgedCalls + callsMin;
    await pause(workMs);
    await expect.poll(() => this.record.acknowledgedCalls, SOON).toBeGreaterThan(enough);
    await server.kill('SIGKILL');
    await work;
    for (const connection of connections) connection.cut();
    this.record.tidy();
  }

  /** What was acknowledged before is there, what was ended stays ended, and all have time to renew. */
  async verify(server: ServerProcess, startedAtWallMs: number): Promise<void> {
    const listed = new Map<string, Listed>();
    let answer: Answer | undefined;
    const callMs = nowMs();
    for (const token of TOKENS) {
      const connection = new Connection(() => addressOf(server.url), token);
      answer = await connection.get('/locks?owner=me&limit=10000');
      connection.cut();
      for (const lock of answer.body['locks'] as Listed[]) listed.set(lock.lease_id, lock);
    }
    for (const story of this.record.open) {
      this.#compare(story, listed.get(story.leaseId), answer?.returnMs ?? callMs, startedAtWallMs);
      listed.delete(story.leaseId);
    }
    for (const { name, lease_id } of listed.values()) {
      this.record.violation(`${name} is held under ${lease_id}, which had ended`);
    }
  }

  #compare(story: LeaseStory, lock: Listed | undefined, returnMs: number, startedAtWallMs: number): void {
    const { lockName, leaseId, fate, session } = story;
    if (lock === undefined) {
      if (fate === 'asked') return;
      if (story.heldUntilMs > returnMs)
        this.record.violation(`${lockName} is no longer held under ${leaseId}`);
      story.ended();
      return;
    }
    if (fate === 'granted' && lock.fencing_token !== story.token) {
      this.record.violation(`${leaseId} has token ${lock.fencing_token} instead of ${story.token}`);
    }
    if (session !== null && this.record.hasEnded(session)) {
      this.record.violation(`${lockName} outlived session ${session.sessionId}`);
    }
    const graceMs = Math.min(story.ttlSeconds, this.#plan.graceSeconds) * 1000;
    if (Date.parse(lock.expires_at) < startedAtWallMs + graceMs - WALL_CLOCK_TOLERANCE_MS) {
      this.record.violation(`${lockName} got no time to renew: it ends ${lock.expires_at}`);
    }
  }
}

function tokenOf(client: number): string {
  return TOKENS[client % TOKENS.length] ?? unreachable();
}

function unreachable(): never {
  throw new Error('there is one for each client');
}
