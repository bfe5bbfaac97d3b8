import { unescapeText } from '../../../src/journal/postgres/text.js';
import type { DatabaseState, Row, Value } from './database-state.js';

/** What a statement reads: one table, conditions on its columns, an order and a limit. */
interface Plan {
  readonly table: string;
  readonly columns: readonly (readonly [column: string, as: string])[];
  readonly conditions: readonly Condition[];
  readonly order: { readonly column: string; readonly isDescending: boolean } | null;
  /** The number of the parameter. */
  readonly limit: number | null;
}

export interface Condition {
  readonly column: string;
  readonly operator: string;
  /** A parameter's number, or a value. */
  readonly operand: { readonly parameter: number } | { readonly value: Value };
}

type Answers = readonly Record<string, Value>[];

const SELECT =
  /^\s*select (.+?) from "?(\w+)"?\s*(?:where (.+?))?\s*(?:order by "?(\w+)"? (asc|desc)?)?\s*(?:limit \$(\d+))?\s*$/s;
const COLUMN = /^"?(\w+)"?(?: as "(\w+)")?$/;
const CONDITION = /^"?(\w+)"? (=|<|>|<=|>=) (?:\$(\d+)|(\d+))$/;

const plans = new Map<string, Plan>();

/** Runs a query of one table. Throws if it has a form that the journal's queries do not have. */
export function select(state: DatabaseState, text: string, values: readonly unknown[]): Answers {
  const plan = planOf(text);
  const matching = [...state.rows(plan.table).values()].filter((row) =>
    meetsAll(row, plan.conditions, values),
  );
  if (plan.order !== null) sort(matching, plan.order.column, plan.order.isDescending);
  const limit = plan.limit === null ? Infinity : Number(values[plan.limit - 1]);
  return matching.slice(0, limit).map((row) => picked(row, plan.columns));
}

export function meetsAll(row: Row, conditions: readonly Condition[], values: readonly unknown[]): boolean {
  return conditions.every(({ column, operator, operand }) => {
    const value = row[column] ?? null;
    const other = 'value' in operand ? operand.value : ((values[operand.parameter - 1] ?? null) as Value);
    return value !== null && other !== null && compares(value, operator, other);
  });
}

export function conditionsOf(text: string | undefined): Condition[] {
  return text === undefined ? [] : text.split(' and ').map(conditionOf);
}

/** Texts are compared by their bytes in UTF-8. For what the journal stores, code points have the same order. */
export function compareValues(one: Value, other: Value): number {
  if (typeof one === 'string' && typeof other === 'string')
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

export function picked(
  row: Row,
  columns: readonly (readonly [column: string, as: string])[],
): Record<string, Value> {
  return Object.fromEntries(columns.map(([column, as]) => [as, unescaped(row[column] ?? null)]));
}

export function unescaped(value: Value): Value {
  return typeof value === 'string' ? unescapeText(value) : value;
}

function sort(rows: Row[], column: string, isDescending: boolean): void {
  const sign = isDescending ? -1 : 1;
  rows.sort((a, b) => sign * compareValues(a[column] ?? null, b[column] ?? null));
}

function compares(value: Value, operator: string, other: Value): boolean {
  if (operator === '=') return value === other;
  const difference = compareValues(value, other);
  return (
    (operator.includes('=') && difference === 0) || (operator[0] === '<' ? difference < 0 : difference > 0)
  );
}

function planOf(text: string): Plan {
  let plan = plans.get(text);
  if (plan === undefined) plans.set(text, (plan = parse(text)));
  return plan;
}

function parse(text: string): Plan {
  const [, columns, table, where, order, direction, limit] = SELECT.exec(text) ?? unknown(text);
  return {
    table: table ?? unknown(text),
    columns: (columns ?? '').split(/,\s*/).map(columnOf),
    conditions: conditionsOf(where),
    order: order === undefined ? null : { column: order, isDescending: direction === 'desc' },
    limit: limit === undefined ? null : Number(limit),
  };
}

function columnOf(text: string): readonly [column: string, as: string] {
  const [, column = '', as = column] = COLUMN.exec(text.trim()) ?? unknown(text);
  return [column, as];
}

function conditionOf(text: string): Condition {
  const [, column = '', operator = '', parameter, value] = CONDITION.exec(text.trim()) ?? unknown(text);
  const operand = parameter === undefined ? { value: Number(value) } : { parameter: Number(parameter) };
  return { column, operator, operand };
}

function unknown(text: string): never {
  throw new Error(`the simulated database does not know: ${text}`);
}
