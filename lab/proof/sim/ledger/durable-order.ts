import type { LoggedEvent } from '../../../../src/journal/logged-event.js';
import type { Batch } from '../../../../src/journal/batch.js';
import { goTogether } from '../../../kit/history/go-together.js';
import type { SimDisk } from '../world/disk.js';
import type { Memory } from './memory.js';

/** Checks what becomes durable, batch by batch, and knows ever after what did. */
export class DurableOrder {
  /** Every durable event; the one with sequence n stands at n - 1. */
  readonly history: LoggedEvent[] = [];
  readonly #memory: Memory;
  readonly #report: (broken: string) => void;
  /** By their tokens. */
  readonly #held = new Map<number, LoggedEvent>();
  readonly #granted = new Set<number>();
  readonly #sessionDeadlines = new Map<string, number>();
  readonly #sessionsOver = new Set<string>();
  #newestToken = 0;
  #lastInstant = 0;

  constructor(memory: Memory, report: (broken: string) => void) {
    this.#memory = memory;
    this.#report = report;
  }

  get lastSequence(): number {
    return this.history.length;
  }

  get newestToken(): number {
    return this.#newestToken;
  }

  isGranted(token: number): boolean {
    return this.#granted.has(token);
  }

  /** Whether the session lives on disk at least up to a deadline, or its end is there. */
  isSessionWritten(sessionId: string, deadline: number): boolean {
    return (this.#sessionDeadlines.get(sessionId) ?? -1) >= deadline || this.isSessionOver(sessionId);
  }

  /** Its end is on disk, or a time after its deadline is: the service's time line never goes back before that. */
  isSessionOver(sessionId: string): boolean {
    const deadline = this.#sessionDeadlines.get(sessionId) ?? Infinity;
    return this.#sessionsOver.has(sessionId) || this.#lastInstant > deadline;
  }

  written({ rows, watermarks }: Batch, disk: SimDisk): void {
    this.#lastInstant = watermarks.lastInstant;
    for (const event of rows.events) this.#append(event);
    for (const row of rows.of('leases').put)
      this.#memory.holds.get(row.fencingToken)?.span.written(row.deadline);
    const sessions = rows.of('sessions');
    for (const { sessionId, state, deadline } of sessions.put) {
      if (state === 'expired') this.#sessionsOver.add(sessionId);
      else
        this.#sessionDeadlines.set(sessionId, Math.max(deadline, this.#sessionDeadlines.get(sessionId) ?? 0));
      if (state === 'active') this.#memory.sessions.get(sessionId)?.span.written(deadline);
    }
    for (const key of sessions.removed) this.#sessionsOver.add(String(key));
    if (watermarks.lastSequence !== this.lastSequence) this.#report('the log and its watermark differ');
    if (watermarks.lastFencingToken < this.#newestToken)
      this.#report('the token counter lags behind a grant');
    this.#compareRows(disk);
  }

  #append(event: LoggedEvent): void {
    const { sequence, type } = event;
    const { lockName } = event.subject;
    const { fencingToken } = event.body;
    if (sequence !== this.lastSequence + 1) this.#report(`event ${sequence} follows ${this.lastSequence}`);
    this.history.push(event);
    if (type === 'acquired') this.#begin(event);
    else if (this.#held.get(fencingToken)?.subject.lockName !== lockName)
      this.#report(`${lockName}: ${type} ${fencingToken}, which does not hold it`);
    if (type === 'released' || type === 'expired') this.#end(event);
  }

  #begin(event: LoggedEvent): void {
    const { lockName } = event.subject;
    const { fencingToken, holder } = event.body;
    const holders = [...this.#held.values()].filter((other) => other.subject.lockName === lockName);
    if (!goTogether([...holders, event])) {
      const tokens = holders.map((other) => other.body.fencingToken).join(', ');
      this.#report(`${lockName}: granted to ${fencingToken} while held by ${tokens}`);
    }
    if (fencingToken <= this.#newestToken) {
      this.#report(`token ${fencingToken} was granted after ${this.#newestToken}`);
    }
    const hold = this.#memory.holds.get(fencingToken);
    const isSeen = hold?.lockName === lockName && hold.userId === holder.userId;
    if (!isSeen && !this.#memory.unseen.has(fencingToken)) {
      this.#report(`event of a grant ${fencingToken} that never was`);
    }
    this.#newestToken = fencingToken;
    this.#granted.add(fencingToken);
    this.#held.set(fencingToken, event);
  }

  #end({ type, subject, body }: LoggedEvent): void {
    const { fencingToken, holder } = body;
    const { sessionId } = holder;
    this.#held.delete(fencingToken);
    if (type === 'expired') return;
    const isAskedFor =
      this.#memory.unseen.has(fencingToken) ||
      this.#memory.holds.get(fencingToken)?.isReleased === true ||
      (sessionId !== null && this.#memory.sessions.get(sessionId)?.isClosed === true);
    if (!isAskedFor) this.#report(`${subject.lockName}: nobody asked for the release of ${fencingToken}`);
  }

  /** The rows say what the events say. */
  #compareRows({ leases }: SimDisk): void {
    if (leases.size !== this.#held.size) this.#report('the rows of leases and the events differ');
    for (const { lockName, fencingToken } of leases.values()) {
      if (this.#held.get(fencingToken)?.subject.lockName !== lockName) {
        this.#report(`${lockName}: row of ${fencingToken}, which does not hold it by the events`);
      }
    }
  }
}
