import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { startWarnings } from '../../src/cli/server/start-warnings.js';
import { Installation } from '../support/process.js';

const QUIET = { BIND_ADDR: '127.0.0.1:3000' };
const GITHUB = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };

function warningsOf(settings: Record<string, string>, users: readonly string[] = []): string {
  return startWarnings(loadConfig({ ...QUIET, ...settings }), new Set(users)).join('\n');
}

describe('the start of the server warns', () => {
  test.each<[string, Record<string, string>, string]>([
    ['if everyone on GitHub may sign in', GITHUB, 'GITHUB_ALLOWED_ORGS'],
    ['if it listens on all IPv4 addresses', { BIND_ADDR: '0.0.0.0:3000' }, 'without TLS'],
    ['if it listens on all addresses because only a port is set', { BIND_ADDR: '3000' }, 'without TLS'],
    ['if it listens on all IPv6 addresses', { BIND_ADDR: '[::]:3000' }, 'without TLS'],
    [
      'about a list of secret keys that is none',
      { SECRET_KEY: 'k'.repeat(16) + ',short-key' },
      'one key with',
    ],
    ['about administrators whom no one can sign in', { ADMIN_USERS: 'erin,static:ops' }, 'here: erin. '],
    ['about a short admin key', { ADMIN_KEY: 'short-key,a-key-that-is-long-enough' }, 'openssl rand'],
  ])('%s', (_, settings, text) => {
    const warnings = warningsOf(settings);
    expect(warnings).toContain(text);
    expect(warnings.split('\n')).toHaveLength(1);
    expect(warnings).not.toContain('short-key');
  });

  test('about users with short tokens, by name', () => {
    expect(warningsOf({}, ['ci', 'ada'])).toMatch(/ci, ada.*openssl rand -hex 32/);
  });

  test.each<[string, Record<string, string>]>([
    ['a loopback address', {}],
    ['a trusted proxy', { BIND_ADDR: '0.0.0.0:3000', TRUST_PROXY: 'loopback' }],
    ['an allowed organization', { ...GITHUB, GITHUB_ALLOWED_ORGS: 'acme' }],
    ['an allowed user', { ...GITHUB, GITHUB_ALLOWED_USERS: 'id:1' }],
    ['administrators who use static tokens', { ADMIN_USERS: 'static:ops' }],
    ['long keys', { ADMIN_KEY: 'sixteen-or-more!,another-of-sixteen', METRICS_KEY: 'the-key-of-metrics' }],
    ['a list of secret keys', { SECRET_KEY: `${'k'.repeat(16)},${'l'.repeat(16)}` }],
  ])('about nothing with %s', (_, settings) => {
    expect(warningsOf(settings)).toBe('');
  });
});

test('keys and tokens that are too short are named once in the log, and never shown', async () => {
  const installation = new Installation({ ADMIN_KEY: 'shortish', STATIC_TOKENS: 'ci:hunter2,bob:x' });
  const server = await installation.start();
  await server.program.printed(/They belong to ci, bob/);
  await server.kill('SIGTERM');
  const { output } = server.program;
  expect(output.match(/ADMIN_KEY has a key of fewer/g)).toHaveLength(1);
  expect(output).not.toMatch(/hunter2|shortish/);
});

test.each([
  ['ADMIN_KEY', 'seven77'],
  ['ADMIN_KEY', 'a-key-that-is-long-enough,seven77'],
  ['ADMIN_KEY', ' , '],
  ['METRICS_KEY', 'fifteen-letters'],
])('a start with %s=%j is refused, and the error says how to create a key', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(
    `${name}: must have at least 16 characters in each key. Make one with "openssl rand -hex 32"`,
  );
});

test('a metrics key that is an admin key is refused', () => {
  const key = 'the-same-key-for-both';
  expect(() => loadConfig({ ADMIN_KEY: `other-admin-key-1,${key}`, METRICS_KEY: key })).toThrow(
    'METRICS_KEY: must not',
  );
});
