import type { Clock } from '../../clock/clock.js';
import { unserved } from '../../errors/unserved.js';
import type { StatusResponse } from '../../health/health.dto.js';
import type { Readiness } from '../../lifecycle/lifecycle.js';
import { VERSION } from '../../version.js';
import type { Forwarder } from '../forward/forwarder.js';
import type { ReplicaState } from './standby-parts.js';

/** How long the leader may take to send its counters, in milliseconds. */
const TIMEOUT_MS = 1_000;

interface StatusParts {
  readonly clock: Clock;
  readonly forwarder: Forwarder;
  readonly state: () => ReplicaState;
}

/** What a standby tells anyone about itself. */
export class StandbyStatus {
  readonly #parts: StatusParts;
  readonly #startedAtMs: number;

  constructor(parts: StatusParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.monotonicMs();
  }

  /** Ready if the requests that arrive can be forwarded. */
  get readiness(): Readiness {
    const { state, forwarder } = this.#parts;
    if (state().isStopping) return 'stopping';
    return forwarder.isLeaderReachable ? 'ready' : 'unavailable';
  }

  /** The leader's counters, with what differs here. Throws `no_leader`. */
  async publicStatus(): Promise<StatusResponse> {
    const { clock, state, forwarder } = this.#parts;
    const answer = await forwarder.current?.ask('/status', TIMEOUT_MS);
    if (answer?.status !== 200) throw unserved('no_leader');
    const counters = JSON.parse(answer.text) as StatusResponse;
    return {
      ...counters,
      version: VERSION,
      status: this.readiness,
      role: 'standby',
      term: state().term ?? counters.term,
      uptime_seconds: Math.floor((clock.monotonicMs() - this.#startedAtMs) / 1000),
    };
  }
}
