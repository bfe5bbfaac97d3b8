import type { Statement } from '../../../src/journal/postgres/connection/connection.js';
import type { Arguments } from './called-functions.js';
import { numberIn, type DatabaseState, type Row, type Value } from './database-state.js';
import type { DescribedSchema } from './described-schema.js';
import { conditionsOf, meetsAll, select } from './select.js';
import { selectEvents, SELECTS_EVENTS } from './select-events.js';

type Rows = readonly Record<string, Value>[];

/** A statement that the simulated database can run. */
export type Parsed =
  | { readonly kind: 'call'; readonly verb: string; readonly args: Arguments }
  | { readonly kind: 'update'; readonly change: (state: DatabaseState) => DatabaseState | null }
  | { readonly kind: 'read'; readonly read: (state: DatabaseState, wallMs: number) => Rows };

const CALL = /^select (\w+)\([$\d, ]*\)$/;
const UPDATE = /^\s*update server set (.+?) where (.+?)\s*$/s;
const ASSIGNMENT = /^"?(\w+)"? = (?:\$(\d+)|null)$/;
const WRITTEN_AT = /extract\(epoch from db_clock\)/;
const COUNT = /^select count\(\*\) as "(\w+)" from (\w+)$/;
const ELAPSED = /clock_timestamp\(\) - continues_from/;

export function parse({ text, values = [] }: Statement, { signatures }: DescribedSchema): Parsed {
  const name = CALL.exec(text)?.[1];
  if (name !== undefined) {
    const { verb, parameters } = signatures.get(name) ?? unknownFunction(name);
    const args = parameters.map((parameter, index) => [parameter, values[index]] as const);
    return { kind: 'call', verb, args: Object.fromEntries(args) };
  }
  const [, set, where] = UPDATE.exec(text) ?? [];
  if (set !== undefined) return { kind: 'update', change: (state) => update(state, set, where, values) };
  if (SELECTS_EVENTS.test(text)) return { kind: 'read', read: (state) => selectEvents(state, text, values) };
  if (WRITTEN_AT.test(text)) return { kind: 'read', read: writtenAt };
  const counted = COUNT.exec(text);
  if (counted !== null) return { kind: 'read', read: (state) => count(state, counted) };
  if (ELAPSED.test(text)) return { kind: 'read', read: elapsed };
  return { kind: 'read', read: (state) => select(state, text, values) };
}

/** Null if no row matches. */
function update(
  state: DatabaseState,
  set: string,
  where: string | undefined,
  values: readonly unknown[],
): DatabaseState | null {
  if (!meetsAll(state.server, conditionsOf(where), values)) return null;
  const changes: Row = Object.fromEntries(set.split(/,\s*/).map((text) => assigned(text, values)));
  return state.withServer({ ...state.server, ...changes });
}

function assigned(text: string, values: readonly unknown[]): readonly [column: string, value: Value] {
  const match = ASSIGNMENT.exec(text.trim());
  if (match === null) throw new Error(`the simulated database cannot set ${text}`);
  const [, column = '', parameter] = match;
  return [column, parameter === undefined ? null : ((values[Number(parameter) - 1] ?? null) as Value)];
}

function elapsed({ server }: DatabaseState, wallMs: number): Rows {
  const from = server.continues_from ?? null;
  return [{ elapsedMs: from === null ? 0 : Math.max(0, wallMs - Number(from)) }];
}

function count(state: DatabaseState, [, name = '', table = '']: readonly string[]): Rows {
  return [{ [name]: state.rows(table).size }];
}

function writtenAt({ server }: DatabaseState): Rows {
  return [{ writtenAtMs: server.db_clock === null ? null : Math.floor(numberIn(server, 'db_clock')) }];
}

function unknownFunction(name: string): never {
  throw new Error(`the simulated database has no function ${name}`);
}
