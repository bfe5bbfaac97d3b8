import { PRUNED_AT_ONCE } from '../../../src/journal/batch.js';
import {
  numberAfterLoss,
  NUMBERS_SKIPPED_FOR_TERMS,
  NUMBERS_SKIPPED_MIN,
  type Loss,
} from '../../../src/journal/skipped-numbers.js';
import { DATABASE_REPLACED } from '../../../src/journal/postgres/connection/sql-errors.js';
import { compareValues } from './select.js';
import { numberIn, type DatabaseState, type Row, type Value } from './database-state.js';
import { serverError } from './server-error.js';

/** The arguments of a call, by the names of the parameters. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a function can learn about the server that it runs on. */
export interface Instance {
  readonly systemId: string | null;
  readonly timeline: number;
  readonly startedAtMs: number;
  /** Whether a commit waits for the standby. */
  readonly isSynchronous: boolean;
  /** By the clock of the database, since 1970. */
  readonly wallMs: number;
}

/** Reads a table definition: which column is the key, and which may not be null. */
export interface TableFacts {
  readonly key: string;
  readonly columns: readonly string[];
  readonly required: readonly string[];
}

/**
 * The functions of `src/journal/postgres/functions`, a second time. Each has two halves, as the SQL has: the statement that finds the
 * server row, and what follows. The class is a seam for planted bugs.
 */
export class CalledFunctions {
  readonly #tables: ReadonlyMap<string, TableFacts>;
  readonly #watermarks: readonly string[];

  constructor(tables: ReadonlyMap<string, TableFacts>, watermarks: readonly string[]) {
    this.#tables = tables;
    this.#watermarks = watermarks;
  }

  /** Whether the statement finds the server row where it expects it. */
  finds(verb: string, args: Arguments, { server }: DatabaseState, instance: Instance): boolean {
    if (verb === 'take_over') return server.epoch === args.p_epoch && server.commit_no === args.p_commit_no;
    // To SQL, null is not equal to null.
    const isOfReign = server.reign !== null && server.reign === args.p_reign;
    const isThere = isOfReign && server.epoch === args.p_epoch && server.commit_no === args.p_previous;
    return isThere && (verb === 'go_on' || isWhereItWas(server, instance));
  }

  /** The database after the function has found the server row. Throws what a constraint raises. */
  apply(verb: string, args: Arguments, state: DatabaseState, instance: Instance): DatabaseState {
    if (verb === 'take_over') return this.takeOver(args, state, instance);
    if (verb === 'go_on') return this.#goOn(state, instance);
    if (verb === 'continue_chain') return this.#continue(args, state, instance);
    if (verb === 'commit') return this.commit(args, this.#continue(args, state, instance));
    throw new Error(`the simulated database does not know the function ${verb}`);
  }

  #continue(args: Arguments, state: DatabaseState, { wallMs, isSynchronous }: Instance): DatabaseState {
    const commitNo = Number(args.p_previous) + 1;
    const next = { commit_no: commitNo, db_clock: wallMs, synchronous: isSynchronous };
    return state.withServer({ ...state.server, ...next });
  }

  #goOn(state: DatabaseState, instance: Instance): DatabaseState {
    if (!this.hasLostNoTerm(state.server, instance)) throw serverError(DATABASE_REPLACED);
    const { timeline, startedAtMs } = instance;
    return state.withServer({ ...state.server, timeline, postmaster_started_at: startedAtMs });
  }

  hasLostNoTerm(last: Row, { systemId, timeline }: Instance): boolean {
    if (systemId === null || last.system_id !== systemId) return false;
    if (last.timeline === timeline) return true;
    return last.synchronous === true && Number(last.timeline) + 1 === timeline;
  }

  commit(args: Arguments, from: DatabaseState): DatabaseState {
    const watermarks = this.#watermarks.map((name) => [name, args[`p_${name}`] as Value] as const);
    let state = from.withServer({ ...from.server, ...Object.fromEntries(watermarks) });
    for (const [table, facts] of this.#tables) state = this.#write(table, facts, args, state);
    return prune(state, Number(args.p_pruned_through));
  }

  #write(
    table: string,
    { key, columns, required }: TableFacts,
    args: Arguments,
    state: DatabaseState,
  ): DatabaseState {
    const put = args[`p_${table}_put`] as string | null;
    const removed = args[`p_${table}_removed`] as readonly Value[] | null;
    if (put === null && removed === null) return state;
    return state.changed(table, (rows) => {
      for (const removedKey of removed ?? []) rows.delete(removedKey);
      for (const record of JSON.parse(put ?? '[]') as Row[]) {
        const row = Object.fromEntries(columns.map((column) => [column, record[column] ?? null]));
        const missing = required.find((column) => row[column] === null);
        if (missing !== undefined) throw new Error(`null value in column "${missing}" of "${table}"`);
        rows.set(row[key] ?? null, row);
      }
    });
  }

  takeOver(args: Arguments, state: DatabaseState, instance: Instance): DatabaseState {
    const old = state.server;
    const loss = this.mayHaveLostCommits(args, old, instance) ? lossOf(args, old, instance) : null;
    const lastSequence = afterLoss(numberIn(old, 'last_sequence'), loss);
    const lastToken = afterLoss(numberIn(old, 'last_fencing_token'), loss);
    const begun = state.withServer({
      ...old,
      epoch: numberIn(old, 'epoch') + 1,
      commit_no: numberIn(old, 'commit_no') + 1,
      reign: args.p_reign as string,
      leader_url: '',
      continues_from: old.db_clock ?? null,
      system_id: instance.systemId,
      timeline: instance.timeline,
      postmaster_started_at: instance.startedAtMs,
      synchronous: instance.isSynchronous,
      db_clock: instance.wallMs,
      last_fencing_token: lastToken,
      last_sequence: lastSequence,
      restored_at: loss === null ? (old.restored_at ?? 0) : lastSequence,
    });
    return loss === null ? begun : raiseFences(begun, lastToken);
  }

  mayHaveLostCommits(args: Arguments, old: Row, instance: Instance): boolean {
    if (numberIn(old, 'epoch') === 0) return args.p_has_lost_commits === true || instance.timeline > 1;
    if (mayHaveLostTerms(args, old, instance)) return true;
    return args.p_has_watched !== true && old.postmaster_started_at !== instance.startedAtMs;
  }
}

function isWhereItWas({ timeline: known, postmaster_started_at: startedAt }: Row, at: Instance): boolean {
  return startedAt === at.startedAtMs && (known === null || known === at.timeline);
}

function mayHaveLostTerms(args: Arguments, old: Row, { systemId, timeline }: Instance): boolean {
  if (args.p_has_lost_commits === true || systemId === null) return true;
  return old.system_id !== systemId || old.timeline !== timeline;
}

function skippedForTerms({ timeline: known }: Row, { timeline }: Instance): number {
  return NUMBERS_SKIPPED_FOR_TERMS * Math.max(1, typeof known === 'number' ? timeline - known : 1);
}

function lossOf(args: Arguments, old: Row, instance: Instance): Loss {
  const skipsAtLeast = mayHaveLostTerms(args, old, instance)
    ? skippedForTerms(old, instance)
    : NUMBERS_SKIPPED_MIN;
  return { writtenAtMs: Number(old.db_clock ?? instance.wallMs), nowMs: instance.wallMs, skipsAtLeast };
}

function afterLoss(last: number, loss: Loss | null): number {
  return loss === null ? last : numberAfterLoss(last, loss);
}

function raiseFences(state: DatabaseState, highest: number): DatabaseState {
  return state.changed('fences', (rows) => {
    for (const [name, fence] of rows) rows.set(name, { ...fence, highest });
  });
}

function prune(state: DatabaseState, through: number): DatabaseState {
  const sequences = [...state.rows('events').keys()].toSorted(compareValues);
  const end = Number(sequences[0]) + PRUNED_AT_ONCE;
  const pruned = sequences.filter((sequence) => Number(sequence) <= through && Number(sequence) < end);
  if (pruned.length === 0) return state;
  return state.changed('events', (rows) => pruned.forEach((sequence) => rows.delete(sequence)));
}
