import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../clock/clock.js';
import { DatabaseLedError, TermEndedError } from '../../errors.js';
import type { Persistence } from '../connection/persistence.js';
import { TAKE_OVER } from '../functions/take-over.js';
import { isSamePosition, type Leadership, type Position } from './position.js';
import type { Settled, Settler, Step } from './settler.js';
import type { Sightings } from './sightings.js';
import type { Timing } from './timing.js';

interface CandidateParts {
  /** What messages call the database. */
  readonly databaseName: string;
  readonly settler: Settler;
  readonly sightings: Sightings;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly timing: Timing;
}

/** A process that wants to lead. */
export class Candidate {
  readonly #parts: CandidateParts;

  constructor(parts: CandidateParts) {
    this.#parts = parts;
  }

  /**
   * Begins a new term, as soon as no one else leads.
   *
   * @param own the reign of this process, if it leads.
   */
  async win(own: string | null): Promise<Settled> {
    for (;;) {
      const seen = await this.#untilFree(own);
      const won = await this.#takeOver(seen);
      if (won === null) continue;
      this.#parts.sightings.startFrom(won.position);
      return won;
    }
  }

  /**
   * Begins a new term on a database that was restored from a backup. The backup may name a leader that no longer exists. Throws
   * `DatabaseLedError` if it does exist.
   */
  async winRestored(): Promise<Settled> {
    const { databaseName, sightings } = this.#parts;
    const refuse = (): never => {
      throw new DatabaseLedError(databaseName);
    };
    const seen = await this.#untilFree(null, refuse);
    const won = (await this.#takeOver(seen, true)) ?? refuse();
    sightings.startFrom(won.position);
    return won;
  }

  /** The row, once its leader has resigned, is this process, or has not committed for too long. */
  async #untilFree(own: string | null, onCommit: () => void = () => undefined): Promise<Leadership> {
    const { settler, clock, persistence, timing } = this.#parts;
    let last = await settler.read();
    let sinceMs = clock.monotonicMs();
    for (;;) {
      if (last.leaderUrl === null || last.reign === own) return last;
      const leftMs = sinceMs + timing.leaseMs - clock.monotonicMs();
      if (leftMs <= 0) return last;
      await persistence.pause(Math.min(leftMs, timing.observeEveryMs));
      const row = await settler.read();
      if (!isSamePosition(row, last)) {
        onCommit();
        sinceMs = clock.monotonicMs();
      }
      last = row;
    }
  }

  /** Null if someone else was faster, or the leader has committed after all. */
  async #takeOver(seen: Leadership, isRestored = false): Promise<Settled | null> {
    try {
      return await this.#parts.settler.settle(this.#takeOverStep(seen, isRestored));
    } catch (error) {
      if (error instanceof TermEndedError) return null;
      throw error;
    }
  }

  #takeOverStep(seen: Position, isRestored: boolean): Step {
    const { sightings } = this.#parts;
    const reign = randomUUID();
    return {
      statement: {
        text: `select ${TAKE_OVER.name}($1, $2, $3, $4, $5)`,
        values: [
          seen.epoch,
          seen.commitNo,
          reign,
          isRestored || sightings.isBehind(seen),
          sightings.hasMoved,
        ],
      },
      from: seen,
      to: { epoch: seen.epoch + 1, commitNo: seen.commitNo + 1, reign },
    };
  }
}
