import { createHash } from 'node:crypto';
import { CHAIN_BROKEN } from '../connection/sql-errors.js';

/**
 * A function in the database. Its name contains a digest of its definition, so that servers of two versions can each call their
 * own: a new version adds its function, and leaves that of the old one.
 */
export interface OwnFunction {
  readonly name: string;
  /** What it does: its name without the digest. */
  readonly verb: string;
  /** The names of its parameters, in order. */
  readonly parameters: readonly string[];
  /** @param schema where its tables are, quoted. */
  create(schema: string): string;
}

interface Definition {
  readonly verb: string;
  readonly parameters: readonly string[];
  /** Settings while it runs. */
  readonly settings?: readonly string[];
  /** In PL/pgSQL, from `declare` or `begin` to `end`. */
  readonly body: string;
}

/** A lock that is not free after this time fails the call, which is then repeated. So no call waits on the server for long. */
const LOCK_TIMEOUT = "lock_timeout = '5s'";

export function ownFunction({ verb, parameters, settings = [], body }: Definition): OwnFunction {
  const signature = `(${parameters.join(', ')}) returns void language plpgsql`;
  const options = [LOCK_TIMEOUT, ...settings].map((setting) => `set ${setting}`).join(' ');
  const digest = createHash('sha256').update(JSON.stringify([signature, options, body]));
  const name = `${verb}_${digest.digest('hex').slice(0, 8)}`;
  return {
    name,
    verb,
    parameters: parameters.map((parameter) => parameter.replace(/ .*/, '')),
    // With `pg_temp` last, no temporary table of the session can stand in for one of ours.
    create: (schema) =>
      `create function ${name}${signature} set search_path = ${schema}, pg_temp ${options} as $octostore$\n${body}\n$octostore$`,
  };
}

/**
 * Begins every body. A commit must wait for the standbys, and a warning must reach us, whatever the role or the database is set to.
 * These settings last until the transaction ends, which is after the wait.
 */
export const BE_DURABLE = `
  if current_setting('synchronous_commit') <> 'remote_apply' then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  perform set_config('client_min_messages', 'warning', true);`;

/** Whether a commit waits for a standby: what is acknowledged then survives the loss of the primary. */
export const IS_SYNCHRONOUS = "current_setting('synchronous_standby_names') <> ''";

/** The number of the timeline, which increases with each promotion. */
export const TIMELINE = "('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int";

/** Which database this is. If it has lost commits, at least one of the two differs. Null where the server does not tell. */
export const IDENTIFY = `
  begin
    select system_identifier::text into v_system from pg_control_system();
    v_timeline := ${TIMELINE};
  exception when others then
    v_system := null;
    v_timeline := null;
  end;`;

/** Follows the statement that finds the server row at the expected position. */
export const UNLESS_REFUSED = `
  if not found then
    raise exception 'another process has begun a newer term on this database' using errcode = '${CHAIN_BROKEN}';
  end if;`;
