import type { Clock } from '../../../clock/clock.js';
import { TermEndedError, UnusableDatabaseError } from '../../errors.js';
import type { Statement } from '../connection/connection.js';
import type { Link } from '../connection/link.js';
import type { Persistence } from '../connection/persistence.js';
import { CHAIN_BROKEN, hasCode, isPassing } from '../connection/sql-errors.js';
import {
  afterCommit,
  isSamePosition,
  SELECT_LEADERSHIP,
  type Leadership,
  type Position,
} from './position.js';
import type { Sightings } from './sightings.js';
import { CONTINUE_CHAIN } from '../functions/continue-chain.js';

/** A statement that moves the server row from one position to another, and does nothing if the row is elsewhere. */
export interface Step {
  readonly statement: Statement;
  readonly from: Position;
  readonly to: Position;
}

/** What is known of a step once its statement has returned. */
type Outcome = 'durable' | 'visible' | 'refused' | 'unknown';

/** The end of the chain once it is durable. */
export interface Settled {
  readonly position: Position;
  /** When the last commit was sent, in milliseconds of the monotonic clock. */
  readonly sentAtMs: number;
}

interface SettlerParts {
  readonly link: Link;
  readonly clock: Clock;
  readonly persistence: Persistence;
  readonly sightings: Sightings;
}

/**
 * Makes one step of the chain durable, whatever happens to the connection. What is visible in the database may exist on one server
 * only, and be lost with it. So after an unknown outcome or a warning, a step counts only when a commit on top of it has
 * succeeded without a warning.
 */
export class Settler {
  readonly #parts: SettlerParts;
  #sentAtMs = 0;

  constructor(parts: SettlerParts) {
    this.#parts = parts;
  }

  /** Rejects with `TermEndedError` if the chain was continued by someone else, or with the error of the statement. */
  async settle(first: Step): Promise<Settled> {
    let step = first;
    for (let failures = 0; ; failures += 1) {
      const outcome = await this.#attempt(step);
      if (outcome === 'durable') return this.#arrivedAt(step);
      if (outcome === 'visible' || (outcome === 'refused' && (await this.#isVisible(step)))) {
        step = touch(step.to);
      }
      await this.#parts.persistence.afterFailure(failures);
    }
  }

  /** The current position, whether or not it is durable. Retries until the database answers. */
  async read(): Promise<Leadership> {
    const { link, persistence, sightings } = this.#parts;
    const { rows } = await persistence.until(() => link.query<Leadership>({ text: SELECT_LEADERSHIP }));
    const [row] = rows;
    if (row === undefined) throw new UnusableDatabaseError(NO_ROW);
    sightings.note(row);
    return row;
  }

  async #attempt({ statement }: Step): Promise<Outcome> {
    const onSend = (): void => {
      this.#sentAtMs = this.#parts.clock.monotonicMs();
    };
    try {
      const { isWarned } = await this.#parts.link.query(statement, onSend);
      return isWarned ? 'visible' : 'durable';
    } catch (error) {
      if (hasCode(error, CHAIN_BROKEN)) return 'refused';
      if (isPassing(error)) return 'unknown';
      throw error;
    }
  }

  /** Whether an earlier attempt was carried out. False if the row has not moved, so that the step can be tried again. */
  async #isVisible({ from, to }: Step): Promise<boolean> {
    const row = await this.read();
    if (isSamePosition(row, to)) return true;
    if (isSamePosition(row, from)) return false;
    throw new TermEndedError({ cause: new Error(`the chain is at ${describe(row)}, not ${describe(to)}`) });
  }

  #arrivedAt({ to }: Step): Settled {
    this.#parts.sightings.note(to);
    return { position: to, sentAtMs: this.#sentAtMs };
  }
}

const NO_ROW = 'The row of the table "server" is missing. Restore a backup of the PostgreSQL database.';

/** A commit that changes nothing. It proves that everything below it is durable. */
function touch(from: Position): Step {
  const { epoch, reign, commitNo } = from;
  return {
    statement: { text: `select ${CONTINUE_CHAIN.name}($1, $2, $3)`, values: [epoch, reign, commitNo] },
    from,
    to: afterCommit(from),
  };
}

function describe({ epoch, commitNo }: Position): string {
  return `commit ${commitNo} of term ${epoch}`;
}
