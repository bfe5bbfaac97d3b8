import type { Request, Site, Workload } from '../load/script.js';
import { Alternation } from './alternation.js';
import { LockRequests } from './lock-requests.js';

const WAIT_SECONDS_MAX = 60;
const HANDOFF = 'handoff';

/** Measures handoffs: the time from each release of the shared lock to its next grant. */
class HandoffTimer {
  readonly #record: Site['record'];
  #releasedMs: number | null = null;

  constructor({ record }: Site) {
    this.#record = record;
  }

  released(nowMs: number): void {
    this.#releasedMs = nowMs;
  }

  granted(nowMs: number): void {
    if (this.#releasedMs !== null) this.#record(HANDOFF, this.#releasedMs, nowMs);
    this.#releasedMs = null;
  }
}

class Contender extends Alternation {
  readonly #requests: LockRequests;
  readonly #handoffs: HandoffTimer;

  constructor(requests: LockRequests, handoffs: HandoffTimer) {
    super(requests.acquire, requests.release);
    this.#requests = requests;
    this.#handoffs = handoffs;
  }

  override next(nowMs: number): Request {
    const request = super.next(nowMs);
    if (request === this.#requests.release) this.#handoffs.released(nowMs);
    return request;
  }

  override answered(request: Request, succeeded: boolean, nowMs: number): void {
    super.answered(request, succeeded, nowMs);
    if (succeeded && request === this.#requests.acquire) this.#handoffs.granted(nowMs);
  }
}

export const contended: Workload = {
  name: 'contended',
  about:
    'all clients wait for one lock and release it at once; a handoff is the time from the release to the next holder’s reply',
  headline: HANDOFF,
  begin: (site) => {
    const handoffs = new HandoffTimer(site);
    const lockName = `bench/${site.run}/contended`;
    return () =>
      new Contender(new LockRequests(site.target, lockName, { waitSeconds: WAIT_SECONDS_MAX }), handoffs);
  },
};
