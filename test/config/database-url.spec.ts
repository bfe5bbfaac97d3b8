import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDatabaseUrl, type PostgresUrl } from '../../src/config/database-url.js';

/** What the URL names, or why it is refused. */
function parsed(text: string): unknown {
  const outcome = parseDatabaseUrl(text);
  return outcome.kind === 'parsed' ? outcome.url : outcome.reason;
}

function postgres(text: string): PostgresUrl {
  const outcome = parseDatabaseUrl(text);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  if (outcome.url.engine !== 'postgres') throw new Error(`${text} is not PostgreSQL`);
  return outcome.url;
}

describe('SQLite', () => {
  test.each([
    ['octostore.db', 'octostore.db'],
    ['/var/lib/octostore/octostore.db', '/var/lib/octostore/octostore.db'],
    ['sqlite:octostore.db', 'octostore.db'],
    ['sqlite:///var/octostore.db', '/var/octostore.db'],
    ['file:octostore.db', 'octostore.db'],
    ['postgres/octostore.db', 'postgres/octostore.db'],
  ])('%s is the file %s', (text, path) => {
    expect(parsed(text)).toEqual({ engine: 'sqlite', path });
  });

  test.each(['', 'sqlite:', 'octostore.db?mode=ro', 'mysql://octo:hunter2@host/db', 'postgres:octostore'])(
    '%j is neither a file nor a URL of PostgreSQL',
    (text) => {
      expect(parsed(text)).toMatch(/^must be the path of a SQLite file, .* or a URL such as postgres:\/\//);
    },
  );
});

describe('PostgreSQL', () => {
  test('a URL with everything', () => {
    const url =
      'postgresql://octo:se%40cret@db1.example.com:5433,db2.example.com/locks?sslmode=verify-full&sslrootcert=/etc/ca.pem';
    expect(parsed(url)).toEqual({
      engine: 'postgres',
      hosts: [
        { host: 'db1.example.com', port: 5433 },
        { host: 'db2.example.com', port: 5432 },
      ],
      database: 'locks',
      user: 'octo',
      password: 'se@cret',
      tls: { mode: 'verify-full', caFile: '/etc/ca.pem' },
    });
  });

  test.each([
    ['postgres://octo@db/locks', [{ host: 'db', port: 5432 }]],
    ['POSTGRES://octo@db/locks', [{ host: 'db', port: 5432 }]],
    ['postgres://octo@10.0.0.7:1/locks', [{ host: '10.0.0.7', port: 1 }]],
    ['postgres://octo@[fd12::7]/locks', [{ host: 'fd12::7', port: 5432 }]],
    [
      'postgres://octo@[fd12::7]:65535,db_2/locks',
      [
        { host: 'fd12::7', port: 65_535 },
        { host: 'db_2', port: 5432 },
      ],
    ],
    ['postgres://octo@/locks?host=/run/postgresql', [{ host: '/run/postgresql', port: 5432 }]],
    ['postgres://octo@/locks?host=%2Frun%2Fpost%20gres', [{ host: '/run/post gres', port: 5432 }]],
    ['postgres://octo@:5433/locks?host=/run/postgresql', [{ host: '/run/postgresql', port: 5433 }]],
    ['postgres://octo@%2Frun%2Fpostgresql:5433/locks', [{ host: '/run/postgresql', port: 5433 }]],
    [
      `postgres://octo@${Array(8).fill('db').join(',')}/locks`,
      Array.from({ length: 8 }, () => ({ host: 'db', port: 5432 })),
    ],
  ])('the hosts of %s', (text, hosts) => {
    expect(postgres(text)).toMatchObject({ hosts, user: 'octo', database: 'locks', password: null });
  });

  test.each([
    ['postgres://a%40b:p%2Fq%3A%25@db/x%20y', { user: 'a@b', password: 'p/q:%', database: 'x y' }],
    ['postgres://octo:a:b@db/locks', { password: 'a:b' }],
    ['postgres://octo:@db/locks', { password: null }],
    ['postgres://%C3%B6cto:%E2%82%AC@db/locks', { user: 'öcto', password: '€' }],
    ['postgres://octo:+@db/locks', { password: '+' }],
  ])('%s is decoded', (text, expected) => {
    expect(postgres(text)).toMatchObject(expected);
  });

  test.each([
    ['localhost', '', 'disable'],
    ['127.0.0.1', '', 'disable'],
    ['127.1.2.3:5433,[::1]', '', 'disable'],
    ['%2Frun%2Fpostgresql', '', 'disable'],
    ['', '?host=/run/postgresql', 'disable'],
    ['db', '', 'verify-full'],
    ['127.0.0.1,db', '', 'verify-full'],
    ['127.example.com', '', 'verify-full'],
    ['localhost.example.com', '', 'verify-full'],
    ['127.0.0.1', '?sslmode=verify-full', 'verify-full'],
    ['127.0.0.1', '?sslrootcert=ca.pem', 'verify-full'],
    ['db', '?sslmode=disable', 'disable'],
    ['db,%2Frun%2Fpostgresql', '?sslmode=disable', 'disable'],
  ])('connections to %j with %j use TLS as %s', (hosts, query, mode) => {
    expect(postgres(`postgres://octo@${hosts}/locks${query}`).tls).toMatchObject({ mode });
  });

  test.each([
    ['postgres://octo@db/locks', null],
    ['postgres://octo@db/locks?sslrootcert=system', null],
    ['postgres://octo@db/locks?sslrootcert=my%20ca.pem&sslmode=verify-full', 'my ca.pem'],
  ])('the authorities that %s trusts', (text, caFile) => {
    expect(postgres(text).tls).toEqual({ mode: 'verify-full', caFile });
  });

  test.each([
    ['postgres://', /^must name a user before the host/],
    ['postgres://db', /^must name a user before the host/],
    ['postgres://db/locks', /^must name a user before the host/],
    ['postgres://@db/locks', /^must name a user before the host/],
    ['postgres://:hunter2@db/locks', /^must name a user before the host/],
    ['postgres://db/locks?user=octo&password=hunter2', /^must name a user before the host/],
    ['postgres://octo@db', /^must name a database after the host/],
    ['postgres://octo@db/', /^must name a database after the host/],
    ['postgres://octo@db?sslmode=disable', /^must name a database after the host/],
    ['postgres://octo@/locks', /^must name a host/],
    ['postgres://octo@,db/locks', /^must name a host/],
    ['postgres://octo@db,/locks', /^must name a host/],
    ['postgres://octo@db:/locks', /host that is not valid/],
    ['postgres://octo@db:port/locks', /host that is not valid/],
    ['postgres://octo@db:0/locks', /port that is not between 1 and 65535/],
    ['postgres://octo@db:65536/locks', /port that is not between 1 and 65535/],
    ['postgres://octo@::1/locks', /IPv6 address as \[::1\]/],
    ['postgres://octo@[::1/locks', /host that is not valid/],
    ['postgres://octo@[db]/locks', /neither a host name nor an address/],
    ['postgres://octo@d b/locks', /neither a host name nor an address/],
    ['postgres://octo@münchen/locks', /neither a host name nor an address/],
    [`postgres://octo@${Array(9).fill('db').join(',')}/locks`, /more than 8 hosts/],
    ['postgres://octo@db/locks?host=/run', /names a host twice/],
    ['postgres://octo@/locks?host=db', /not the absolute path of a folder/],
    [
      'postgres://octo@db/locks?connect_timeout=3',
      /the parameter connect_timeout, which OctoStore does not know/,
    ],
    ['postgres://octo@db/locks?__proto__=3', /the parameter __proto__, which/],
    ['postgres://octo@db/locks?a%20b=3', /a parameter without a valid name/],
    ['postgres://octo@db/locks?sslmode', /sets sslmode to nothing/],
    ['postgres://octo@db/locks?sslmode=disable&sslmode=disable', /sets sslmode twice/],
    [
      'postgres://octo@db/locks?sslmode=require',
      /sslmode=require, which does not check whose server it is.* sslmode=verify-full/,
    ],
    [
      'postgres://octo@db/locks?sslmode=verify-ca',
      /sslmode=verify-ca, which accepts the certificate of any host/,
    ],
    ['postgres://octo@db/locks?sslmode=prefer', /sslmode=prefer, which may send everything in plain text/],
    ['postgres://octo@db/locks?sslmode=allow', /sslmode=allow, which may send everything in plain text/],
    ['postgres://octo@db/locks?sslmode=constructor', /^has an unknown sslmode/],
    ['postgres://octo@db/locks?sslmode=disable&sslrootcert=ca.pem', /sslrootcert, which has no effect/],
    ['postgres://octo@/locks?host=/run&sslmode=verify-full', /socket, which has no TLS/],
    ['postgres://octo@db,%2Frun/locks', /socket, which has no TLS/],
    ['postgres://octo:100%@db/locks', /a % in the password that is not part of a code/],
    ['postgres://octo%zz@db/locks', /a % in the name of a user/],
    ['postgres://octo@db/lo%00cks', /a control character in the name of a database/],
    ['postgres://octo:hunt@er2@db/locks', /write @ as %40/],
    ['postgres://octo:hunt@er/2@db/locks', /write @ as %40/],
    ['postgres://octo:hunt@er/2@db', /write @ as %40/],
    ['postgres://octo:hunt@er?2@db/locks', /write @ as %40/],
    ['postgres://octo:hunt/er2@db/locks', /\/ as %2F/],
    ['postgres://octo:hunt?er2@db/locks', /\? as %3F/],
    ['postgres://octo:hunt#er2@db/locks', /# as %23/],
    ['postgres://octo@db/locks#fragment', /is not a URL as in/],
    ['postgres://octo@db/locks/more', /is not a URL as in/],
  ])('%s is refused', (text, reason) => {
    expect(parsed(text)).toMatch(reason);
    expect(parsed(text)).not.toMatch(/hunt|er2|100%/);
  });
});

/** Contains what is special in a URL far more often than a random text does. */
const tricky = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(...'@:/?#[]%,&=+ \0é0', 'ssl', 'host', '@a/', '@a?', '%40', '%00', '://'),
  }),
);

test('parsing never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom('', 'postgres://', 'postgres://octo@', 'sqlite:'), tricky, (start, rest) => {
      expect(['parsed', 'refused']).toContain(parseDatabaseUrl(`${start}${rest}`).kind);
    }),
    { numRuns: 2_000 },
  );
});

test('a password that is encoded arrives as it is, whatever it contains', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text)),
      (password) => {
        expect(postgres(`postgres://octo:${encodeURIComponent(password)}@db/locks`).password).toBe(password);
      },
    ),
  );
});

test('no reason contains any part of a password, however it is written', () => {
  // Letters that occur in no sentence of ours.
  const marked = tricky.map((text) => `ЖЖ${text}ЖЖ`);
  const rest = fc.constantFrom(
    'db/locks',
    'db',
    '',
    ':0/x',
    'db/locks?x=1',
    'db/locks?sslmode=require',
    '/?host=x',
  );
  fc.assert(
    fc.property(marked, rest, (password, after) => {
      const outcome = parseDatabaseUrl(`postgres://octo:${password}@${after}`);
      if (outcome.kind === 'refused') expect(outcome.reason).not.toMatch(/Ж/);
      // What may be shown of an accepted one.
      else expect(JSON.stringify({ ...outcome.url, password: null })).not.toMatch(/Ж/);
    }),
    { numRuns: 2_000 },
  );
});
