import type { Query } from '../sql/page-query.js';
import type { Statement } from './connection/connection.js';
import { escapeText } from './text.js';

/** A query of the engines that speak SQL, as PostgreSQL wants it. */
export function toStatement({ sql, parameters }: Query): Statement {
  let number = 0;
  return {
    text: sql.replaceAll('?', () => `$${(number += 1)}`),
    values: parameters.map((value) => (typeof value === 'string' ? escapeText(value) : value)),
  };
}
