import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';

const SECRET_KEY = 'k'.repeat(32);
const POSTGRES = { DATABASE_URL: 'postgres://octo:hunter2@db/locks', SECRET_KEY };

function refusalOf(settings: Record<string, string>): string {
  try {
    loadConfig(settings);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
}

test('a URL and a key of 32 characters are enough for PostgreSQL', () => {
  expect(refusalOf(POSTGRES)).toBe('accepted');
});

test.each([
  [{ SECRET_KEY: '' }, /SECRET_KEY: must be set, with at least 32 characters.*openssl rand/],
  [{ SECRET_KEY: 'k'.repeat(31) }, /SECRET_KEY: must be set, with at least 32 characters/],
  [{ BACKUP_DIR: '/backups' }, /BACKUP_DIR: .*pg_dump.*docs\/postgres\.md/],
  [{ BACKUP_EVERY_HOURS: '24' }, /BACKUP_EVERY_HOURS: .*pg_dump/],
  [{ BACKUP_KEEP: '7' }, /BACKUP_KEEP: .*pg_dump/],
  [{ DATABASE_PASSWORD_FILE: '/p' }, /DATABASE_PASSWORD_FILE: .*DATABASE_URL has a password/],
])('PostgreSQL with %j is refused', (settings, reason) => {
  expect(refusalOf({ ...POSTGRES, ...settings })).toMatch(reason);
});

test('all violations are named at once, without values', () => {
  const refusal = refusalOf({
    ...POSTGRES,
    SECRET_KEY: 'short-but-16-long',
    BACKUP_DIR: '/b',
    BACKUP_KEEP: '3',
  });
  expect(refusal.match(/^ {2}- [A-Z_]+:/gm)).toHaveLength(3);
  expect(refusal).not.toMatch(/hunter2|short-but/);
});

test('a wrong URL is refused with its reason and without its password', () => {
  const refusal = refusalOf({ DATABASE_URL: 'postgres://octo:hunter2@db/locks?sslmode=require', SECRET_KEY });
  expect(refusal).toMatch(/DATABASE_URL: has sslmode=require, which /);
  expect(refusal).not.toContain('hunter2');
});

test('a password file is for PostgreSQL only', () => {
  expect(refusalOf({ DATABASE_PASSWORD_FILE: '/p' })).toMatch(
    /DATABASE_PASSWORD_FILE: is for PostgreSQL only/,
  );
  const { DATABASE_PASSWORD_FILE } = loadConfig({
    DATABASE_URL: 'postgres://octo@db/locks',
    SECRET_KEY,
    DATABASE_PASSWORD_FILE: '/p',
  });
  expect(DATABASE_PASSWORD_FILE).toBe('/p');
});

test('reads can be confirmed with PostgreSQL only', () => {
  expect(refusalOf({ CONFIRMED_READS: 'true' })).toMatch(
    /CONFIRMED_READS: is for PostgreSQL only\. Remove it, because DATABASE_URL is a SQLite file/,
  );
  expect(refusalOf({ CONFIRMED_READS: 'false' })).toBe('accepted');
  expect(loadConfig({ ...POSTGRES, CONFIRMED_READS: 'true' }).CONFIRMED_READS).toBe(true);
});

test('SQLite needs no key, and may have a short one', () => {
  expect(refusalOf({})).toBe('accepted');
  expect(refusalOf({ SECRET_KEY: 'k'.repeat(16), BACKUP_DIR: '/b', BACKUP_KEEP: '3' })).toBe('accepted');
});

test.each([
  ['https://locks.example.com/', 'https://locks.example.com'],
  ['http://10.0.0.7:3000', 'http://10.0.0.7:3000'],
  ['https://example.com/locks', 'https://example.com/locks'],
])('ADVERTISE_URL can be %s', (given, kept) => {
  expect(loadConfig({ ADVERTISE_URL: given }).ADVERTISE_URL).toBe(kept);
});

test.each([
  'nonsense',
  'ftp://host',
  'https://octo:hunter2@host',
  'https://octo@host',
  'https://host/?a=hunter2',
  'https://host/#hunter2',
])('ADVERTISE_URL cannot be %s', (url) => {
  const refusal = refusalOf({ ADVERTISE_URL: url });
  expect(refusal).toMatch(/ADVERTISE_URL: must /);
  expect(refusal).not.toContain('hunter2');
});
