import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { firstIdOf, NO_TERMS } from '../../src/auth/tokens/valid-token.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashToken } from '../../src/auth/tokens/token-format.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { linesOf } from '../audit/audit-fixture.js';
import { AccountsFixture, type Life } from './accounts-fixture.js';

const LEAKED = 'leaked-token-of-the-ci';
const BOTH = { STATIC_TOKENS: `ci:${LEAKED},bob:token-of-bob-000000002` };
const REPLACED = { STATIC_TOKENS: 'ci:replacement-of-the-token,bob:token-of-bob-000000002' };

let fixture: AccountsFixture;
let life: Life;

async function restart(environment: Record<string, string>): Promise<void> {
  await life.end();
  life = await fixture.start(environment);
}

function rotate(token: string): Promise<string> {
  return life.accounts.changes.rotate(hashToken(token), SERVER_ORIGIN);
}

function isValid(token: string): boolean {
  return life.accounts.callerOf(token) !== null;
}

/** Stores the tokens of all users as earlier versions did. */
async function forgetRoots(): Promise<void> {
  const changes = new RowChanges();
  for (const row of await life.journal.load('tokens')) {
    changes.put('tokens', { ...row, descendsFrom: row.revokedAt === null ? 'unknown' : null });
  }
  await life.store.write(changes);
}

beforeEach(async () => {
  fixture = new AccountsFixture();
  life = await fixture.start(BOTH);
});

afterEach(async () => {
  await life.end();
  fixture.remove();
});

describe('a token that was rotated from a static token', () => {
  test('is revoked for good when the configuration replaces that token', async () => {
    const stolen = await rotate(await rotate(LEAKED));
    const ofBob = await rotate('token-of-bob-000000002');
    await restart(REPLACED);
    expect(isValid(stolen)).toBe(false);
    expect(isValid('replacement-of-the-token')).toBe(true);
    expect(isValid(ofBob)).toBe(true);
    await restart(BOTH);
    expect([stolen, LEAKED].map(isValid)).toEqual([false, false]);
    expect(isValid(ofBob)).toBe(true);
  });

  test('is then in the audit, with the token and its user', async () => {
    await rotate(LEAKED);
    await restart(REPLACED);
    const lines = await linesOf(life.journal);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      action: 'token.revoke',
      actor: { kind: 'server' },
      subject: { kind: 'token', id: firstIdOf(hashToken(LEAKED)) },
      details: { user: 'static:ci', reason: 'not_configured' },
    });
    await restart(REPLACED);
    expect(await linesOf(life.journal)).toEqual(lines);
  });

  test('stays valid as long as that token is configured', async () => {
    const rotated = await rotate(LEAKED);
    for (let start = 0; start < 2; start += 1) {
      await restart({ STATIC_TOKENS: `ci:another-token-of-the-ci,ci:${LEAKED}` });
      expect(isValid(rotated)).toBe(true);
      expect(isValid(LEAKED)).toBe(false);
    }
  });

  test('is revoked when the configuration gives that token to someone else', async () => {
    const rotated = await rotate(LEAKED);
    await restart({ STATIC_TOKENS: `robot:${LEAKED},ci:another-token-of-the-ci` });
    expect(isValid(rotated)).toBe(false);
  });

  test('may be configured itself, and then depends only on its own entry', async () => {
    const rotated = await rotate(LEAKED);
    await restart({ STATIC_TOKENS: `ci:${rotated}` });
    expect(isValid(rotated)).toBe(true);
    const next = await rotate(rotated);
    await restart({ STATIC_TOKENS: `ci:${rotated}` });
    expect(isValid(next)).toBe(true);
    await restart(REPLACED);
    expect(isValid(next)).toBe(false);
  });

  test('is not revoked by a command, which may run with a different configuration', async () => {
    const rotated = await rotate(LEAKED);
    await life.end();
    const command = await fixture.startCommand(REPLACED);
    expect(command.accounts.callerOf(rotated)).toBeNull();
    await command.end();
    life = await fixture.start(BOTH);
    expect(isValid(rotated)).toBe(true);
  });
});

test('a token that was issued to a static user does not depend on those that are configured', async () => {
  const [ci] = life.accounts.usersNamed({ provider: null, login: 'ci' });
  if (ci === undefined) throw new Error('ci is unknown');
  const { token } = await life.accounts.changes.issue(ci, NO_TERMS, SERVER_ORIGIN);
  await rotate(LEAKED);
  const next = await rotate(token);
  await restart(REPLACED);
  expect(isValid(next)).toBe(true);
});

describe('a token that an earlier version rotated', () => {
  test('stays valid while all rotated tokens of its user are configured', async () => {
    const rotated = await rotate(LEAKED);
    await forgetRoots();
    await restart({ STATIC_TOKENS: `${BOTH.STATIC_TOKENS},ci:replacement-of-the-token` });
    expect(isValid(rotated)).toBe(true);
    const next = await rotate(rotated);
    await restart(BOTH);
    expect(isValid(next)).toBe(true);
    await restart(REPLACED);
    expect(isValid(next)).toBe(false);
    await restart(BOTH);
    expect(isValid(next)).toBe(false);
  });

  test('stays valid if it belongs to another user', async () => {
    await rotate(LEAKED);
    const ofBob = await rotate('token-of-bob-000000002');
    await forgetRoots();
    await restart(REPLACED);
    expect(isValid(ofBob)).toBe(true);
  });
});
