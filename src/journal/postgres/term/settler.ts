import type { Clock } from '../../../clock/clock.js';
import { TermEndedError, UnusableDatabaseError } from '../../errors.js';
import type { Statement } from '../connection/connection.js';
import type { Link } from '../connection/link.js';
import type { Persistence } from '../connection/persistence.js';
import { CHAIN_BROKEN, DATABASE_REPLACED, hasCode, isPassing } from '../connection/sql-errors.js';
import {
  afterCommit,
  isSamePosition,
  SELECT_LEADERSHIP,
  type Leadership,
  type Position,
} from './position.js';
import type { LeaderView } from './leader-view.js';
import type { LineSamples } from './line-samples.js';
import type { Sightings } from './sightings.js';
import { CONTINUE_CHAIN } from '../functions/continue-chain.js';
import { GO_ON } from '../functions/go-on.js';
import type { OwnFunction } from '../functions/own-function.js';

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
  readonly view: LeaderView;
  readonly samples: LineSamples;
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

  /**
   * Rejects with `TermEndedError` if the chain was continued by someone else or may not go on in this database, or with the error of
   * the statement.
   *
   * @param persistence when it ends, nothing more is sent. It is then not known whether the step was carried out.
   */
  async settle(first: Step, persistence: Persistence = this.#parts.persistence): Promise<Settled> {
    let step = first;
    for (let failures = 0; ; failures += 1) {
      const outcome = await this.#attempt(step, persistence);
      if (outcome === 'durable') return this.#arrivedAt(step);
      if (outcome === 'visible' || (outcome === 'refused' && (await this.#isVisible(step, persistence)))) {
        step = touch(step.to);
      } else if (outcome === 'refused' && isOfOneTerm(step)) {
        await this.#attempt(goOn(step.from), persistence);
      }
      await persistence.afterFailure(failures);
    }
  }

  /** The current position, whether or not it is durable. Retries until the database answers. */
  async read(persistence: Persistence = this.#parts.persistence): Promise<Leadership> {
    const { link, clock, sightings, view, samples } = this.#parts;
    const { rows } = await persistence.until(() => link.query<Leadership>({ text: SELECT_LEADERSHIP }));
    const [row] = rows;
    if (row === undefined) throw new UnusableDatabaseError(NO_ROW);
    sightings.note(row);
    view.note(row);
    samples.note(row, clock.monotonicMs());
    return row;
  }

  /** How many leases the database has. */
  async countLeases(persistence: Persistence): Promise<number> {
    const { link } = this.#parts;
    const { rows } = await persistence.until(() => link.query<{ leases: number }>({ text: COUNT_LEASES }));
    return rows[0]?.leases ?? 0;
  }

  async #attempt({ statement }: Pick<Step, 'statement'>, persistence: Persistence): Promise<Outcome> {
    const onSend = (): void => {
      persistence.throwIfGivenUp();
      this.#sentAtMs = this.#parts.clock.monotonicMs();
    };
    try {
      const { isWarned } = await this.#parts.link.query(statement, onSend);
      return isWarned ? 'visible' : 'durable';
    } catch (error) {
      if (hasCode(error, CHAIN_BROKEN)) return 'refused';
      if (hasCode(error, DATABASE_REPLACED)) throw new TermEndedError({ cause: error }, REPLACED);
      if (isPassing(error)) return 'unknown';
      throw error;
    }
  }

  /** Whether an earlier attempt was carried out. False if the row has not moved, so that the step can be tried again. */
  async #isVisible({ from, to }: Step, persistence: Persistence): Promise<boolean> {
    const row = await this.read(persistence);
    if (isSamePosition(row, to)) return true;
    if (isSamePosition(row, from)) return false;
    throw new TermEndedError({ cause: new Error(`the chain is at ${describe(row)}, not ${describe(to)}`) });
  }

  #arrivedAt({ to }: Step): Settled {
    this.#parts.sightings.note(to);
    return { position: to, sentAtMs: this.#sentAtMs };
  }
}

const COUNT_LEASES = 'select count(*) as "leases" from leases';

const REPLACED = 'The database was replaced by one that may lack commits, so a new term must begin.';

const NO_ROW = 'The row of the table "server" is missing. Restore a backup of the PostgreSQL database.';

/** A commit that changes nothing. It proves that everything below it is durable. */
function touch(from: Position): Step {
  return { statement: callAt(from, CONTINUE_CHAIN), from, to: afterCommit(from) };
}

/** The row is where the term has left it, but not in the database where that was. */
function goOn(from: Position): Pick<Step, 'statement'> {
  return { statement: callAt(from, GO_ON) };
}

function callAt({ epoch, reign, commitNo }: Position, { name }: OwnFunction): Statement {
  return { text: `select ${name}($1, $2, $3)`, values: [epoch, reign, commitNo] };
}

/** A take-over is not: it goes on from wherever the term before has ended. */
function isOfOneTerm({ from, to }: Step): boolean {
  return from.reign === to.reign;
}

function describe({ epoch, commitNo }: Position): string {
  return `commit ${commitNo} of term ${epoch}`;
}
