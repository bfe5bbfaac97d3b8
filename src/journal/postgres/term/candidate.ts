import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock/clock.js';
import { DatabaseLedError, NewerSchemaError, TermEndedError } from '../../errors.js';
import type { TermReason } from '../../cluster.js';
import { FORMAT, FORMAT_TOO_NEW } from '../cluster/format.js';
import type { Membership } from '../cluster/membership.js';
import type { Persistence } from '../connection/persistence.js';
import { hasCode } from '../connection/sql-errors.js';
import { TAKE_OVER } from '../functions/take-over.js';
import { isSamePosition, type Leadership, type Position } from './position.js';
import type { Settled, Settler, Step } from './settler.js';
import type { LeaderView } from './leader-view.js';
import type { Resignation } from './resignation.js';
import type { Sightings } from './sightings.js';
import type { Timing } from './timing.js';

interface CandidateParts {
  /** What messages call the database. */
  readonly databaseName: string;
  readonly settler: Settler;
  readonly sightings: Sightings;
  readonly view: LeaderView;
  readonly resignation: Resignation;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly timing: Timing;
}

/** A term that has begun. */
export interface Won extends Settled {
  /** What the row said before. */
  readonly over: Leadership;
}

/** A process that wants to lead. */
export class Candidate {
  readonly #parts: CandidateParts;
  /** The term that was last seen to load its state. */
  #loading: { readonly reign: string | null; readonly durationMs: number } | null = null;

  constructor(parts: CandidateParts) {
    this.#parts = parts;
  }

  /**
   * Begins a new term, as soon as no one else leads.
   *
   * @param own the reign of this process, if it leads.
   * @param signal gives up when it aborts. No take-over is sent after that, and one that was sent is resigned.
   */
  async win(own: string | null, signal?: AbortSignal): Promise<Won> {
    const persistence = this.#parts.persistence.unless(signal);
    for (;;) {
      const seen = await this.#untilFree(own, persistence);
      const won = await this.#takeOver(seen, persistence, reasonOf(seen, own));
      if (won !== null) return won;
    }
  }

  /**
   * Begins a new term on a database that was restored from a backup. The backup may name a leader that no longer exists. Throws
   * `DatabaseLedError` if it does exist.
   */
  async winRestored(): Promise<Won> {
    const { databaseName, persistence } = this.#parts;
    const refuse = (): never => {
      throw new DatabaseLedError(databaseName);
    };
    const seen = await this.#untilFree(null, persistence, refuse);
    return (await this.#takeOver(seen, persistence, 'restored')) ?? refuse();
  }

  /** The row, once its leader has resigned, is this process, or has not committed for too long. */
  async #untilFree(
    own: string | null,
    persistence: Persistence,
    onCommit: () => void = () => undefined,
  ): Promise<Leadership> {
    const { settler, clock, timing } = this.#parts;
    let last = await settler.read(persistence);
    let sinceMs = clock.monotonicMs();
    for (;;) {
      if (last.leaderUrl === null || last.reign === own) return last;
      const loadMs = last.leaderUrl === '' ? await this.#loadMs(last, persistence) : 0;
      const leftMs = sinceMs + timing.leaseMs + loadMs - clock.monotonicMs();
      if (leftMs <= 0) return last;
      await persistence.pause(Math.min(leftMs, timing.observeEveryMs));
      const row = await settler.read(persistence);
      if (!isSamePosition(row, last)) {
        onCommit();
        sinceMs = clock.monotonicMs();
      }
      last = row;
    }
  }

  /** How long the process that has begun this term may need to load the state. */
  async #loadMs({ reign }: Leadership, persistence: Persistence): Promise<number> {
    const { settler, timing } = this.#parts;
    if (this.#loading?.reign !== reign) {
      const leases = await settler.countLeases(persistence);
      this.#loading = { reign, durationMs: Math.floor(leases * timing.loadMsPerLease) };
    }
    return this.#loading.durationMs;
  }

  /** Null if someone else was faster, or the leader has committed after all. */
  async #takeOver(seen: Leadership, persistence: Persistence, reason: TermReason): Promise<Won | null> {
    const step = this.#takeOverStep(seen, reason);
    try {
      return this.#won(seen, await this.#parts.settler.settle(step, persistence));
    } catch (error) {
      if (error instanceof TermEndedError) return null;
      if (hasCode(error, FORMAT_TOO_NEW)) throw new NewerSchemaError(this.#parts.databaseName);
      // It may have been carried out all the same.
      if (persistence.isGivenUp) await this.#parts.resignation.resign(step.to.reign);
      throw error;
    }
  }

  #won(over: Leadership, won: Settled): Won {
    const { sightings, view } = this.#parts;
    sightings.startFrom(won.position);
    view.note({ leaderUrl: null, reign: won.position.reign });
    return { ...won, over };
  }

  #takeOverStep(seen: Position, reason: TermReason): Step {
    const { sightings, membership } = this.#parts;
    const { replica, replicaId } = membership;
    const reign = randomUUID();
    return {
      statement: {
        text: `select ${TAKE_OVER.name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        values: [
          seen.epoch,
          seen.commitNo,
          reign,
          reason === 'restored' || sightings.isBehind(seen),
          sightings.hasMoved,
          reason,
          FORMAT,
          replicaId,
          replica?.url ?? null,
          replica?.version ?? null,
        ],
      },
      from: seen,
      to: { epoch: seen.epoch + 1, commitNo: seen.commitNo + 1, reign },
    };
  }
}

/** Why a term can begin. */
function reasonOf({ leaderUrl, reign }: Leadership, own: string | null): TermReason {
  if (leaderUrl === null) return 'resigned';
  return reign === own ? 'restart' : 'silent';
}
