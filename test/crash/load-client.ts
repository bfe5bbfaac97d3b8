import { randomUUID } from 'node:crypto';
import { SESSION_LOCKS } from '../../lab/kit/history/observations.js';
import { NoAnswer, type Answer, type Connection } from '../../lab/kit/http/connection.js';
import type { RunRecord } from './run-record.js';
import { LeaseStory, SessionStory } from './stories.js';

/** Locks that all clients want. */
const SHARED_LOCKS = 12;

/** Leases of its own that a client keeps over crashes. */
const KEPT_LEASES = 6;

/** TTLs in seconds: some leases end by themselves during a run, most outlive it. */
const TTLS = [1, 2, 30, 60, 120];

/**
 * One client that does a bit of everything, one call after the other, and never gives up: what a crash left unknown it
 * asks again with the same lease id. It notes what must be true, and at once what cannot be.
 */
export class LoadClient {
  readonly #kept = new Map<number, LeaseStory>();
  #session: SessionStory | null = null;
  /** What the last call was about, if it was cut. */
  #unknown: LeaseStory | null = null;

  constructor(
    private readonly name: string,
    private readonly record: RunRecord,
  ) {}

  /** Works until the connection is cut. */
  async work(connection: Connection): Promise<void> {
    try {
      await this.#settle(connection);
      for (;;) await this.#turn(connection);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  /** Finds out what became of the call that a crash cut off. */
  async #settle(connection: Connection): Promise<void> {
    const story = this.#unknown;
    if (story?.fate === 'asked') await this.#acquire(connection, story, 0);
    const isKept = story?.lockName.startsWith('own/') === true && !story.mayHaveEnded;
    if (story?.fate === 'granted' && !isKept) await this.#release(connection, story);
    this.#unknown = null;
    if (this.#session?.isEnded === true) await this.#endSession(connection, this.#session);
  }

  async #turn(connection: Connection): Promise<void> {
    const dice = Math.random();
    if (dice < 0.5) return this.#contend(connection);
    if (dice < 0.8) return this.#keep(connection);
    if (dice < 0.95) return this.#useSession(connection);
    const { body, callMs } = await connection.get(`/locks/shared%2F${pick(SHARED_LOCKS)}`);
    if (body['status'] === 'available') this.record.highestSeen(Number(body['fencing_token']), callMs);
  }

  async #contend(connection: Connection): Promise<void> {
    const story = this.#ask(`shared/${pick(SHARED_LOCKS)}`, TTLS[pick(TTLS.length)] ?? 1, null);
    await this.#acquire(connection, story, Math.random() < 0.2 ? 1 : 0);
    if (story.fate !== 'granted') return;
    while (Math.random() < 0.5) await this.#renew(connection, story);
    const mayLapse = story.ttlSeconds <= 2 && Math.random() < 0.05;
    if (!mayLapse) await this.#release(connection, story);
  }

  async #keep(connection: Connection): Promise<void> {
    const number = pick(KEPT_LEASES);
    const kept = this.#kept.get(number);
    if (kept === undefined || kept.fate === 'ended') {
      const story = this.#ask(`own/${this.name}/${number}`, 120, null);
      this.#kept.set(number, story);
      await this.#acquire(connection, story, 0);
    } else if (kept.fate === 'refused') this.#kept.delete(number);
    else if (Math.random() < 0.6) await this.#renew(connection, kept);
    else await this.#release(connection, kept);
  }

  async #useSession(connection: Connection): Promise<void> {
    const session = this.#session;
    if (session === null) return this.#openSession(connection);
    const dice = Math.random();
    if (dice < 0.1) return this.#endSession(connection, session);
    if (dice < 0.4) return this.#keepAlive(connection, session);
    const story = this.#ask(`${SESSION_LOCKS}${this.name}/${randomUUID()}`, 60, session);
    await this.#acquire(connection, story, 0);
    if (story.fate === 'granted' && Math.random() < 0.9) await this.#release(connection, story);
  }

  #ask(lockName: string, ttlSeconds: number, session: SessionStory | null): LeaseStory {
    const story = new LeaseStory(lockName, randomUUID(), ttlSeconds, session);
    this.record.begin(story);
    return story;
  }

  async #acquire(connection: Connection, story: LeaseStory, waitSeconds: number): Promise<void> {
    const body = { ...story.request, wait_seconds: waitSeconds };
    const answer = await this.#call(story, () => connection.post(path(story, 'acquire'), body));
    this.record.count('acquire', answer);
    const { status, lease_id: leaseId, fencing_token: token } = answer.body;
    if (answer.status !== 200) {
      story.fate = 'refused';
      this.record.expectRefusal('acquire', answer, [409, 410, 404]);
      return;
    }
    if (leaseId !== story.leaseId)
      this.record.violation(`${story.leaseId} was asked for, ${String(leaseId)} came`);
    story.granted(answer, Number(token), status === 'acquired');
  }

  async #renew(connection: Connection, story: LeaseStory): Promise<void> {
    const ttlSeconds = story.lockName.startsWith('own/') ? 60 + pick(60) : story.ttlSeconds;
    const body = { lease_id: story.leaseId, ttl_seconds: ttlSeconds };
    const call = (): Promise<Answer> => connection.post(path(story, 'renew'), body);
    const answer = await this.#call(story, call, (callMs) => story.maybeRenewed(callMs, ttlSeconds));
    this.record.count('renew', answer);
    if (answer.status === 200) {
      if (answer.body['fencing_token'] !== story.token)
        this.record.violation(`a renewal changed token ${story.token}`);
      story.renewed(answer, ttlSeconds);
    } else this.record.lost(story, 'renew', answer, story.heldUntilMs);
  }

  async #release(connection: Connection, story: LeaseStory): Promise<void> {
    const { heldUntilMs } = story;
    const call = (): Promise<Answer> => connection.post(path(story, 'release'), { lease_id: story.leaseId });
    const answer = await this.#call(story, call, (callMs) => story.releaseAsked(callMs));
    this.record.count('release', answer);
    story.releaseAsked(answer.callMs);
    if (answer.status !== 200) this.record.lost(story, 'release', answer, heldUntilMs);
    story.ended();
    if (Math.random() < 0.1) await this.#expectGone(connection, story);
  }

  async #expectGone(connection: Connection, story: LeaseStory): Promise<void> {
    const body = { lease_id: story.leaseId, ttl_seconds: 60 };
    const answer = await connection.post(path(story, 'renew'), body);
    this.record.expectRefusal('renew of a released lease', answer, [404]);
  }

  async #openSession(connection: Connection): Promise<void> {
    const answer = await connection.post('/sessions', { ttl_seconds: 30 });
    this.record.count('open session', answer);
    if (answer.status !== 201) return this.record.expectRefusal('open session', answer, []);
    this.#session = new SessionStory(String(answer.body['session_id']), 30, answer.callMs);
  }

  async #keepAlive(connection: Connection, session: SessionStory): Promise<void> {
    const answer = await connection.post(`/sessions/${session.sessionId}/keepalive`, {});
    this.record.count('keepalive', answer);
    if (answer.status === 200) session.keptAlive(answer.callMs);
    else {
      if (answer.returnMs < session.aliveUntilMs)
        this.record.violation(`session ${session.sessionId} was lost`);
      this.#session = null;
    }
  }

  async #endSession(connection: Connection, session: SessionStory): Promise<void> {
    const wasAsked = session.isEnded;
    const call = (): Promise<Answer> => connection.delete(`/sessions/${session.sessionId}`);
    const answer = await call().catch((error: unknown) => {
      if (error instanceof NoAnswer) session.endAsked(error.callMs);
      throw error;
    });
    this.record.count('end session', answer);
    if (answer.status !== 204 && !wasAsked && answer.returnMs < session.aliveUntilMs) {
      this.record.violation(`session ${session.sessionId} was lost`);
    }
    session.endAsked(answer.callMs);
    this.record.sessionEnded(session);
    this.#session = null;
  }

  /** Makes a call about a lease; remembers it when it is cut. */
  async #call(
    story: LeaseStory,
    call: () => Promise<Answer>,
    cut?: (callMs: number) => void,
  ): Promise<Answer> {
    try {
      const answer = await call();
      story.asked(answer.callMs);
      return answer;
    } catch (error) {
      if (error instanceof NoAnswer) {
        story.asked(error.callMs);
        cut?.(error.callMs);
        this.#unknown = story;
        this.record.cut();
      }
      throw error;
    }
  }
}

function path({ lockName }: LeaseStory, verb: string): string {
  return `/locks/${lockName}/${verb}`;
}

function pick(count: number): number {
  return Math.floor(Math.random() * count);
}
