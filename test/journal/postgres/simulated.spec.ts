import { expect, onTestFinished, test } from 'vitest';
import { describedSchema } from '../../../lab/kit/simulated-postgres/described-schema.js';
import { Random } from '../../../lab/kit/random.js';
import { buildBatchCall } from '../../../src/journal/postgres/batch-call.js';
import type { Statement, Wire } from '../../../src/journal/postgres/connection/connection.js';
import { connectToPrimary } from '../../../src/journal/postgres/connection/primary.js';
import {
  CHAIN_BROKEN,
  DATABASE_REPLACED,
  hasCode,
} from '../../../src/journal/postgres/connection/sql-errors.js';
import { CONTINUE_CHAIN } from '../../../src/journal/postgres/functions/continue-chain.js';
import { GO_ON } from '../../../src/journal/postgres/functions/go-on.js';
import { TAKE_OVER } from '../../../src/journal/postgres/functions/take-over.js';
import { ADVERTISE } from '../../../src/journal/postgres/term/resignation.js';
import type { Position } from '../../../src/journal/postgres/term/position.js';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { SimulatedDatabase } from '../../support/postgres/simulated-database.js';
import { testDatabase } from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';
import { leaseRow, loggedEvent, WATERMARKS } from '../../support/store-rows.js';

const STATEMENTS = 150;

/** Without the columns that tell the time, and which server it is. */
const SERVER_ROW = `select epoch, reign, commit_no, leader_url, last_fencing_token, last_sequence, pruned_through,
  restored_at, last_instant, boot_id, monotonic_offset, wall_skew, graces from server where id = 1`;

/** When the database was last written to. */
const CLOCK = 'select extract(epoch from db_clock) * 1000 as ms from server where id = 1';

const TABLES = [
  'select fencing_token, lock_name, deadline from leases order by fencing_token asc',
  'select sequence, lock_name from events order by sequence asc',
  'select name, highest from fences order by name asc',
];

type Found = string | readonly Record<string, unknown>[];

await describeWithCluster('the simulated database', (cluster) => {
  test.each([1, 2, 3])('does what the real one does, with any statements (seed %d)', async (seed) => {
    const real = await connectToPrimary((await testDatabase(cluster)).location());
    onTestFinished(() => real.connection.close());
    const simulated = await SimulatedDatabase.create();
    onTestFinished(() => simulated.remove());
    const statements = new Statements(seed, (await describedSchema()).dataSource);
    for (let count = 0; count < STATEMENTS; count += 1) {
      const statement = statements.next();
      const one = await askReal(real.connection, statement);
      // If the real one has just read its clock, the other one must read the same.
      const [clock] = await rowsOf(real.connection, CLOCK);
      simulated.setClock(Number(clock?.['ms'] ?? 0));
      const other = await askSimulated(simulated, statement);
      expect(other, statement.text).toEqual(one);
      const [row] = await rowsOf(real.connection, SERVER_ROW);
      expect(await simulated.run({ text: SERVER_ROW })).toMatchObject({ rows: [row] });
      statements.learn(row as unknown as Row);
    }
    for (const text of TABLES)
      expect(await simulated.run({ text })).toMatchObject({ rows: await rowsOf(real.connection, text) });
  });
});

/** What the statement answers, or that it was refused. */
async function askReal(connection: Wire, statement: Statement): Promise<Found> {
  try {
    return String((await connection.query(statement)).count);
  } catch (error) {
    return refusalIn(error);
  }
}

async function askSimulated(database: SimulatedDatabase, statement: Statement): Promise<Found> {
  const reply = await database.run(statement);
  if (reply.kind === 'rows') return String(reply.count);
  return refusalIn(reply.error);
}

function refusalIn(error: unknown): string {
  const code = [CHAIN_BROKEN, DATABASE_REPLACED].find((each) => hasCode(error, each));
  if (code === undefined) throw error;
  return code;
}

async function rowsOf(connection: Wire, text: string): Promise<readonly Record<string, unknown>[]> {
  return (await connection.query<Record<string, unknown>>({ text })).rows;
}

interface Row {
  readonly epoch: number;
  readonly reign: string | null;
  readonly commit_no: number;
  readonly last_fencing_token: number;
  readonly last_sequence: number;
}

/** Statements of processes that lead, that led, and that want to lead. */
class Statements {
  readonly #random: Random;
  readonly #callFor: ReturnType<typeof buildBatchCall>;
  #positions: Position[] = [{ epoch: 0, reign: null, commitNo: 0 }];
  #lastToken = 0;
  #lastSequence = 0;
  #reigns = 0;

  constructor(seed: number, dataSource: Parameters<typeof buildBatchCall>[0]) {
    this.#random = new Random(seed);
    this.#callFor = buildBatchCall(dataSource);
  }

  learn({ epoch, reign, commit_no: commitNo, ...numbers }: Row): void {
    this.#positions.push({ epoch, reign, commitNo });
    this.#lastToken = numbers.last_fencing_token;
    this.#lastSequence = numbers.last_sequence;
  }

  next(): Statement {
    const from = this.#position();
    const { epoch, reign, commitNo } = from;
    const chance = this.#random.below(100);
    if (chance < 20) return this.#takeOver(from);
    if (chance < 30)
      return { text: `select ${CONTINUE_CHAIN.name}($1, $2, $3)`, values: [epoch, reign, commitNo] };
    if (chance < 40) return { text: `select ${GO_ON.name}($1, $2, $3)`, values: [epoch, reign, commitNo] };
    if (chance < 46) return this.#replaced();
    if (chance < 55)
      return { text: ADVERTISE, values: [this.#random.chance(0.5) ? 'http://one' : null, reign] };
    return this.#commit(from);
  }

  /** Mostly the last one. */
  #position(): Position {
    const last = this.#positions.at(-1);
    return last === undefined || this.#random.chance(0.3) ? this.#random.pick(this.#positions) : last;
  }

  /** As if the last commit had been made on another timeline, or before the server was started. */
  #replaced(): Statement {
    return {
      text: 'update server set timeline = $1, synchronous = $2, postmaster_started_at = null where id = 1',
      values: [this.#random.pick([-1, 0, 1, 2, null]), this.#random.chance(0.5)],
    };
  }

  #takeOver({ epoch, commitNo }: Position): Statement {
    this.#reigns += 1;
    const reign = `00000000-0000-0000-0000-${String(this.#reigns).padStart(12, '0')}`;
    const args: Readonly<Record<string, unknown>> = {
      p_epoch: epoch,
      p_commit_no: commitNo,
      p_reign: reign,
      p_has_lost_commits: this.#random.chance(0.1),
      p_has_watched: this.#random.chance(0.5),
      p_reason: 'silent',
      p_format: 1,
      p_replica_id: 'one',
    };
    const { name, parameters } = TAKE_OVER;
    return {
      text: `select ${name}(${parameters.map((_, index) => `$${index + 1}`).join(', ')})`,
      values: parameters.map((parameter) => args[parameter] ?? null),
    };
  }

  #commit(from: Position): Statement {
    const rows = new RowChanges();
    const [token, sequence] = [this.#lastToken + 1, this.#lastSequence + 1];
    rows.put('leases', leaseRow(token, { deadline: this.#random.below(1_000) }));
    if (this.#random.chance(0.3)) rows.remove('leases', token - this.#random.whole(1, 3));
    if (this.#random.chance(0.3)) rows.put('fences', { name: 'f', userId: 'ann', highest: token });
    rows.append(loggedEvent(sequence, { lockName: 'a' }));
    const prunedThrough = this.#random.chance(0.2) ? Math.max(0, sequence - 3) : 0;
    const numbers = { lastFencingToken: token, lastSequence: sequence, prunedThrough };
    const watermarks = { ...WATERMARKS, ...numbers, lastInstant: this.#random.below(1_000) };
    return this.#callFor({ epoch: from.epoch, watermarks, rows }, from);
  }
}
