import type { PostgresHost, PostgresLocation } from '../../../installation/postgres-location.js';
import { DatabaseUnavailableError, UnusableDatabaseError } from '../../errors.js';
import { Connection, type Wire } from './connection.js';

/** The oldest version of PostgreSQL that we test with. */
const OLDEST = { major: 14, number: 140_000 } as const;

interface Facts {
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly version: number;
  readonly encoding: string;
}

const FACTS = `
  select pg_is_in_recovery() as "isStandby",
    current_setting('transaction_read_only') = 'on' as "isReadOnly",
    current_setting('server_version_num')::int as "version",
    current_setting('server_encoding') as "encoding"`;

/** A connection to the server that takes writes, and its host. */
export interface Primary {
  readonly connection: Wire;
  readonly host: PostgresHost;
}

/** Connects to the server that takes writes. See `connectToPrimary`. */
export type Connect = (last: PostgresHost | null) => Promise<Primary>;

/**
 * Tries each host once. Throws `DatabaseUnavailableError`, with the reason for each host, if none takes writes.
 *
 * @param last the host to try last. It may still claim to take writes, although it was replaced.
 */
export async function connectToPrimary(
  location: PostgresLocation,
  last: PostgresHost | null = null,
): Promise<Primary> {
  const reasons: [host: PostgresHost, reason: Error][] = [];
  for (const host of inOrder(location.url.hosts, last)) {
    try {
      return { connection: await openForWrites(location, host), host };
    } catch (error) {
      reasons.push([host, error instanceof Error ? error : new Error(String(error))]);
    }
  }
  throw noPrimary(location, reasons);
}

function inOrder(hosts: readonly PostgresHost[], last: PostgresHost | null): readonly PostgresHost[] {
  if (last === null) return hosts;
  const next = hosts.indexOf(last) + 1;
  return [...hosts.slice(next), ...hosts.slice(0, next)];
}

async function openForWrites(location: PostgresLocation, host: PostgresHost): Promise<Connection> {
  const connection = await Connection.open(location, host);
  try {
    const { rows } = await connection.query<Facts>({ text: FACTS });
    assertUsable(rows[0]);
    connection.allowSilence();
    return connection;
  } catch (error) {
    connection.cut();
    throw error;
  }
}

function assertUsable(facts: Facts | undefined): void {
  if (facts === undefined) throw new DatabaseUnavailableError('the server does not say what it is');
  const { isStandby, isReadOnly, version, encoding } = facts;
  if (isStandby) throw new DatabaseUnavailableError('it is a standby, which takes no writes');
  if (isReadOnly) {
    throw new DatabaseUnavailableError('it takes no writes (default_transaction_read_only is on)');
  }
  if (version < OLDEST.number) {
    const found = Math.floor(version / 10_000);
    throw new UnusableDatabaseError(
      `it is PostgreSQL ${found}, but OctoStore needs ${OLDEST.major} or later`,
    );
  }
  if (encoding === 'UTF8') return;
  throw new UnusableDatabaseError(`the encoding of the database is ${encoding}, but it must be UTF8`);
}

function noPrimary(
  location: PostgresLocation,
  reasons: readonly (readonly [PostgresHost, Error])[],
): DatabaseUnavailableError {
  const list = reasons.map(([{ host, port }, { message }]) => `${host}:${port}: ${message}`).join('; ');
  return new DatabaseUnavailableError(
    `${location.name} cannot be used (${list}). Check DATABASE_URL, and that the server runs.`,
    reasons.map(([, reason]) => reason),
  );
}
