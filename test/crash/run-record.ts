import {
  tokenViolations,
  holderViolations,
  type Grant,
  type Holding,
} from '../../lab/kit/history/observations.js';
import type { Answer } from '../../lab/kit/http/connection.js';
import type { LeaseStory, SessionStory } from './stories.js';

/** What all clients of a run know together, and everything that was found to be wrong. */
export class RunRecord {
  readonly violations: string[] = [];
  readonly acknowledged = new Map<string, number>();
  cutCalls = 0;
  readonly #grants: Grant[] = [];
  readonly #holdings: Holding[] = [];
  readonly #live = new Set<LeaseStory>();
  readonly #endedSessions = new WeakSet<SessionStory>();
  /** Answers to "the highest token so far", as grants of nobody's lock. */
  readonly #sightings: { readonly token: number; readonly callMs: number }[] = [];

  begin(story: LeaseStory): void {
    this.#live.add(story);
  }

  count(what: string, { status }: Answer): void {
    if (status >= 200 && status < 300) this.acknowledged.set(what, (this.acknowledged.get(what) ?? 0) + 1);
  }

  /** All calls that were answered with success. */
  get acknowledgedCalls(): number {
    return [...this.acknowledged.values()].reduce((sum, count) => sum + count, 0);
  }

  cut(): void {
    this.cutCalls += 1;
  }

  violation(sentence: string): void {
    this.violations.push(sentence);
  }

  expectRefusal(what: string, { status, body }: Answer, allowed: readonly number[]): void {
    if (!allowed.includes(status))
      this.violation(`${what} was answered with ${status} ${JSON.stringify(body)}`);
  }

  /** A lease turned out to have ended without its client's doing. */
  lost(story: LeaseStory, what: string, answer: Answer, heldUntilMs: number): void {
    this.expectRefusal(what, answer, [404]);
    if (answer.returnMs < heldUntilMs) {
      const left = Math.round(heldUntilMs - answer.returnMs);
      this.violation(
        `${what} of ${story.lockName}, lease ${story.leaseId}, found it gone ${left} ms too early`,
      );
    }
    story.ended();
  }

  highestSeen(token: number, callMs: number): void {
    this.#sightings.push({ token, callMs });
  }

  sessionEnded(session: SessionStory): void {
    this.#endedSessions.add(session);
  }

  /** Leases that may still be held. */
  get open(): LeaseStory[] {
    return [...this.#live].filter(({ fate }) => fate === 'asked' || fate === 'granted');
  }

  get grants(): readonly Grant[] {
    return this.#grants;
  }

  hasEnded(session: SessionStory): boolean {
    return this.#endedSessions.has(session);
  }

  /** Puts the leases away whose story is over. */
  tidy(): void {
    for (const story of this.#live)
      if (story.fate === 'refused' || story.fate === 'ended') this.#putAway(story);
  }

  /** Looks over the whole history once everything has come to rest. */
  conclude(): void {
    for (const story of this.#live) this.#putAway(story);
    this.violations.push(...tokenViolations(this.#grants), ...holderViolations(this.#holdings));
    this.#checkSightings();
  }

  #putAway(story: LeaseStory): void {
    this.#live.delete(story);
    if (story.grant !== null) this.#grants.push(story.grant);
    if (story.holding !== null) this.#holdings.push(story.holding);
  }

  #checkSightings(): void {
    const grants = this.#grants.toSorted((a, b) => a.returnMs - b.returnMs);
    let next = 0;
    let highest = 0;
    for (const { token, callMs } of this.#sightings.toSorted((a, b) => a.callMs - b.callMs)) {
      for (let seen = grants[next]; seen !== undefined && seen.returnMs < callMs; seen = grants[next]) {
        highest = Math.max(highest, seen.token);
        next += 1;
      }
      if (token < highest)
        this.violation(`the highest token was said to be ${token} after ${highest} had been given`);
    }
  }
}
