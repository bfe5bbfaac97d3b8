import type { SessionId, UserId } from '../model/ids.js';
import type { Session } from '../model/session.js';
import type { SessionRecord } from './records.js';
import { RememberedSessions } from './remembered-sessions.js';
import { SetsByKey } from './sets-by-key.js';

/** Sessions by id, and active sessions by user. Includes expired sessions that are still remembered. */
export class Sessions {
  readonly remembered = new RememberedSessions();
  readonly #records = new Map<SessionId, SessionRecord>();
  readonly #activeByUser = new SetsByKey<UserId, SessionRecord>();

  /** Sessions of any state. */
  get keptCount(): number {
    return this.#records.size;
  }

  get activeCount(): number {
    return this.#records.size - this.remembered.size;
  }

  record(sessionId: SessionId): SessionRecord | undefined {
    return this.#records.get(sessionId);
  }

  activeOf(userId: UserId): ReadonlySet<SessionRecord> | undefined {
    return this.#activeByUser.of(userId);
  }

  activeCountOf(userId: UserId): number {
    return this.#activeByUser.countOf(userId);
  }

  add(session: Session): SessionRecord {
    const { deadline, sessionId } = session;
    const record: SessionRecord = {
      kind: 'session',
      session,
      deadline,
      heapIndex: -1,
      leases: new Set(),
      tickets: new Set(),
    };
    this.#records.set(sessionId, record);
    this.#index(record);
    return record;
  }

  replace(record: SessionRecord, session: Session): void {
    this.#unindex(record);
    record.session = session;
    record.deadline = session.deadline;
    this.#index(record);
  }

  remove({ sessionId }: Session): SessionRecord {
    const record = this.#records.get(sessionId);
    if (record === undefined) throw new Error(`there is no session ${sessionId}`);
    this.#records.delete(sessionId);
    this.#unindex(record);
    return record;
  }

  #index(record: SessionRecord): void {
    const { session } = record;
    if (session.state === 'expired') this.remembered.add(session);
    else this.#activeByUser.add(session.userId, record);
  }

  #unindex(record: SessionRecord): void {
    const { session } = record;
    if (session.state === 'expired') this.remembered.delete(session);
    else this.#activeByUser.delete(session.userId, record);
  }
}
