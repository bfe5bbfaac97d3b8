import { goTogether } from '../law/go-together.js';
import { Fences } from './fences.js';
import type { Visit } from './visit.js';

/** Whether a visit was let in. One that comes after the end of its lease is not: its holder must stop. */
export type Admission = 'admitted' | 'late';

/**
 * What the locks protect. It knows nothing of the server, only what holders say of their leases. While leases are certainly alive, they
 * must go together, and none may come after a newer one.
 */
export class Visits {
  readonly violations: string[] = [];
  admitted = 0;
  late = 0;
  /** Late visits after which a newer holder had come. A fence is for these. */
  stale = 0;
  readonly #present = new Map<string, Visit>();
  readonly #fences = new Fences();
  /** Which visit had a token first. */
  readonly #owners = new Map<number, string>();

  visit(visit: Visit, nowMs: number): Admission {
    const newer = this.#fences.newerThan(visit);
    if (visit.safeUntilMs <= nowMs) return this.#refuse(visit, newer);
    if (newer !== null) this.#violation(visit, `came although ${newer}`);
    this.#checkOwner(visit);
    this.#checkOthers(visit, nowMs);
    this.#fences.see(visit);
    this.#present.set(visit.id, visit);
    this.admitted += 1;
    return 'admitted';
  }

  /** The holder has finished. Only after that does it release the lease. */
  leave(id: string): void {
    this.#present.delete(id);
  }

  #refuse({ id }: Visit, newer: string | null): Admission {
    this.#present.delete(id);
    this.late += 1;
    if (newer !== null) this.stale += 1;
    return 'late';
  }

  #checkOwner(visit: Visit): void {
    const owner = this.#owners.get(visit.token) ?? visit.id;
    this.#owners.set(visit.token, owner);
    if (owner !== visit.id) this.#violation(visit, 'has the token of another lease');
  }

  #checkOthers(visit: Visit, nowMs: number): void {
    for (const other of this.#present.values()) {
      if (other.safeUntilMs <= nowMs) this.#present.delete(other.id);
      else if (other.id !== visit.id) this.#checkPair(visit, other);
    }
  }

  #checkPair(visit: Visit, other: Visit): void {
    for (const { name, hold } of visit.locks) {
      const beside = other.locks.find((lock) => lock.name === name);
      if (beside === undefined || goTogether([beside.hold, hold])) continue;
      this.#violation(visit, `has ${name} ${inWords(hold)} beside ${other.actor} (${inWords(beside.hold)})`);
    }
  }

  #violation({ actor, token }: Visit, what: string): void {
    this.violations.push(`${actor} with token ${token} ${what}`);
  }
}

function inWords(hold: Visit['locks'][number]['hold']): string {
  return hold.mode === 'counted' ? `slots ${hold.slots.join(' and ')} of ${hold.limit}` : hold.mode;
}
