import { decode } from './decode.js';
import { readHosts } from './hosts.js';
import { readParameters } from './parameters.js';
import type { PostgresUrl } from './postgres-url.js';
import { refuse } from './refusal.js';
import { readTls } from './tls.js';

const EXAMPLE = 'as in postgres://octostore@db.example.com/octostore';

/** `user[:password]@hosts/database?parameters`. There is only one `@`, so the password is before it as a whole. */
const SHAPE =
  /^(?<user>[^@:/?#]*)(?::(?<password>[^@/?#]*))?@(?<hosts>[^@/?#]*)(?:\/(?<database>[^@/?#]*))?(?:\?(?<query>[^@#]*))?$/;

/**
 * Reads a URL in the form that libpq uses. Throws `Refusal`.
 *
 * @param text what follows `postgres://`.
 */
export function parsePostgresUrl(text: string): PostgresUrl {
  const { user, password, hosts: places, database, query } = split(text);
  const parameters = readParameters(query ?? '');
  const hosts = readHosts(places ?? '', parameters.get('host') ?? null);
  return {
    engine: 'postgres',
    hosts,
    database: required(database, 'a database after the host'),
    user: required(user, 'a user before the host'),
    password: password === undefined || password === '' ? null : decode(password, 'the password'),
    tls: readTls(parameters, hosts),
  };
}

function split(text: string): Partial<Record<string, string>> {
  const parts = SHAPE.exec(text)?.groups;
  if (parts !== undefined) return parts;
  if (!text.includes('@')) refuse(`must name a user before the host, ${EXAMPLE}`);
  return refuse(
    `is not a URL ${EXAMPLE}. In a user or a password, write @ as %40, / as %2F, : as %3A, ? as %3F and # as %23`,
  );
}

function required(text: string | undefined, what: string): string {
  if (text === undefined || text === '') refuse(`must name ${what}, ${EXAMPLE}`);
  return decode(text, `the name of ${what.split(' ', 2).join(' ')}`);
}
