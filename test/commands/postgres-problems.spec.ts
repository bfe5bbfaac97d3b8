import { describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/server/explain.js';
import { UsageError } from '../../src/cli/server/installation/usage-error.js';
import { explained, mayPass, reasonOf } from '../../src/cli/server/postgres/problems.js';
import { EXIT } from '../../src/cli/shared/exit-codes.js';
import { ConfigError } from '../../src/config/config.js';
import { UnusableFileError } from '../../src/installation/unusable-file-error.js';
import {
  DatabaseLedError,
  NewerSchemaError,
  TermEndedError,
  UnusableDatabaseError,
} from '../../src/journal/errors.js';
import { complaintsAbout } from '../rules/language/error-sentence.js';

function failure(code: string | undefined, message = 'it failed'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

describe('waiting cannot help', () => {
  test.each([
    ['a wrong password', failure('28P01'), EXIT.configInvalid],
    ['a user that may not connect', failure('28000'), EXIT.configInvalid],
    ['no such database', failure('3D000'), EXIT.configInvalid],
    ['missing privileges', failure('42501'), EXIT.databaseUnusable],
    ['an unknown authority', failure('SELF_SIGNED_CERT_IN_CHAIN'), EXIT.configInvalid],
    ['an expired certificate', failure('CERT_HAS_EXPIRED'), EXIT.databaseUnusable],
    ['the certificate of another host', failure('ERR_TLS_CERT_ALTNAME_INVALID'), EXIT.configInvalid],
    [
      'a database without TLS',
      failure(undefined, 'The server does not support SSL connections'),
      EXIT.configInvalid,
    ],
    [
      'a missing password',
      failure(undefined, 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
      EXIT.configInvalid,
    ],
    [
      'a missing file of authorities',
      Object.assign(failure('ENOENT'), { syscall: 'open', path: 'ca.pem' }),
      EXIT.configInvalid,
    ],
    ['a newer schema', new NewerSchemaError('postgres://octo@db/locks'), EXIT.databaseUnusable],
    ['an old version', new UnusableDatabaseError('It is too old. Upgrade it.'), EXIT.databaseUnusable],
    [
      'an unreadable password file',
      new UnusableFileError('It is missing. Create it.', {
        cause: Object.assign(failure('ENOENT'), { syscall: 'open' }),
      }),
      EXIT.databaseUnusable,
    ],
    ['a cause', new Error('no host can be used', { cause: failure('28P01') }), EXIT.configInvalid],
    ['all hosts', new AggregateError([failure('28P01'), failure('28P01')]), EXIT.configInvalid],
  ])('against %s', (_, error, exitCode) => {
    expect(mayPass(error)).toBe(false);
    expect(mayPass(explained(error))).toBe(mayPass(error));
    expect(explain(explained(error)).exitCode).toBe(exitCode);
  });
});

describe('waiting may help', () => {
  test.each([
    ['a database that is down', failure('ECONNREFUSED'), EXIT.unreachable],
    ['an unknown host', failure('ENOTFOUND'), EXIT.unreachable],
    [
      'a socket that is not there',
      Object.assign(failure('ENOENT'), { syscall: 'connect', address: '/run/postgresql/.s.PGSQL.5432' }),
      EXIT.unreachable,
    ],
    ['a database that is starting', failure('57P03'), EXIT.unreachable],
    ['a database that is shutting down', failure('57P01'), EXIT.unreachable],
    ['a database without free connections', failure('53300'), EXIT.unreachable],
    ['a broken connection', failure(undefined, 'Connection terminated unexpectedly'), EXIT.failure],
    [
      'one of several hosts',
      new AggregateError([failure('28P01'), failure('ECONNREFUSED')]),
      EXIT.configInvalid,
    ],
  ])('against %s', (_, error, exitCode) => {
    expect(mayPass(error)).toBe(true);
    expect(mayPass(explained(error))).toBe(mayPass(error));
    expect(explain(explained(error)).exitCode).toBe(exitCode);
  });
});

test('an error of another kind stays what it is', () => {
  const own = new UnusableFileError('It is missing. Create it.', { cause: failure('ENOENT') });
  for (const error of [own, new ConfigError([]), new Error('a bug'), 'text'])
    expect(explained(error)).toBe(error);
});

test('a reason names each cause once, in one line', () => {
  const refused = failure('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.7:5432');
  expect(
    reasonOf(new AggregateError([refused, refused, failure('28P01', 'wrong')], '', { cause: refused })),
  ).toBe('connect ECONNREFUSED 10.0.0.7:5432; wrong');
  expect(reasonOf(new AggregateError([]))).toBe('unknown');
});

test.each([
  failure('28P01', 'password authentication failed for user "octo"'),
  failure('3D000'),
  failure('42501'),
  failure('CERT_HAS_EXPIRED'),
  failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  failure('ERR_TLS_CERT_ALTNAME_INVALID'),
  failure(undefined, 'The server does not support SSL connections'),
  failure('53300'),
  failure('ETIMEDOUT', 'no answer'),
  failure('ENOTFOUND', 'no address'),
  new DatabaseLedError('postgres://octo@db/locks'),
])('the explanation of %s says what happened and what to do', (error) => {
  expect(complaintsAbout(explain(explained(error)).sentence)).toEqual([]);
});

test.each([
  [new UsageError('Name the backup.'), EXIT.usage],
  [new TermEndedError(), EXIT.storeFailed],
  [new DatabaseLedError('postgres://octo@db/locks'), EXIT.databaseUnusable],
  [new ConfigError(['SECRET_KEY: must be set']), EXIT.configInvalid],
])('%s has its own exit code', (error, exitCode) => {
  expect(explain(error)).toEqual({ exitCode, sentence: error.message });
});
