import { ManualClock } from '../support/manual-clock.js';
import { SERVER_ORIGIN } from '../../src/audit/origin.js';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { NO_TERMS } from '../../src/auth/tokens/valid-token.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TokenAdministration } from '../../src/auth/tokens/token-administration.js';
import { loadConfig } from '../../src/config/config.js';
import type { SessionId } from '../../src/core/model/ids.js';
import { BREAKS_PER_STEP_MAX } from '../../src/core/model/limits.js';
import { OctoStoreError } from '../../src/errors/octostore-error.js';
import { OperatorAccess } from '../../src/auth/operator-access.js';
import { Breaker } from '../../src/locks/break/breaker.js';
import { LeaseProver } from '../../src/proofs/lease-prover.js';
import { ProofKeys } from '../../src/proofs/keys/proof-keys.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import type { LockStore } from '../../src/store/lock-store.js';
import { AccountsFixture, OCTOCAT, type Life } from '../auth/accounts-fixture.js';
import { acquireRequest, lock } from '../support/law.js';
import { openAccess } from '../support/access.js';
import { StoreRig } from '../support/store.js';

/** Everyone is an administrator. */
const ADMINISTRATORS = new OperatorAccess(openAccess(), { isAdmin: () => true });

/**
 * `shutting_down` means that nothing was done: clients and standbys repeat the request. A request that has had an effect before
 * the store was closed must never get it.
 */

const UNKNOWN = { code: 'outcome_unknown', headers: undefined };

const NOTHING_DONE = { code: 'shutting_down', headers: { 'Octostore-Unserved': '1' } };

const REASON = { reason: 'to test' };

/** Closes the store right after its next commit, before the callers of that commit go on. */
function closeAfterCommit(store: LockStore): void {
  store.observe({ committed: () => void store.close() });
}

async function accounts(): Promise<{ fixture: AccountsFixture; life: Life }> {
  const fixture = new AccountsFixture();
  const life = await fixture.start({ GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' });
  onTestFinished(async () => {
    await life.end();
    fixture.remove();
  });
  return { fixture, life };
}

describe('a break', () => {
  test('has an unknown outcome if the store is closed between two of its steps', async () => {
    const { store, grant } = await rigWithLeases(BREAKS_PER_STEP_MAX + 1);
    await grant;
    closeAfterCommit(store);
    await expect(
      new Breaker(store, ADMINISTRATORS, new AuditTrail(new ManualClock())).break(
        lock('a'),
        REASON,
        null,
        SERVER_ORIGIN,
      ),
    ).rejects.toMatchObject(UNKNOWN);
  });

  test('was not begun if the store was closed before', async () => {
    const { store, grant } = await rigWithLeases(1);
    await grant;
    await store.close();
    await expect(
      new Breaker(store, ADMINISTRATORS, new AuditTrail(new ManualClock())).break(
        lock('a'),
        REASON,
        null,
        SERVER_ORIGIN,
      ),
    ).rejects.toMatchObject(NOTHING_DONE);
  });

  async function rigWithLeases(count: number): Promise<{ store: LockStore; grant: Promise<unknown> }> {
    const rig = await StoreRig.open();
    const users = Array.from({ length: count }, (_, index) => `user-${index}`);
    const grant = Promise.all(users.map((user) => rig.grant('a', { user, mode: 'shared' })));
    return { store: rig.store, grant };
  }
});

test('a grant whose proof comes too late has an unknown outcome', async () => {
  const { fixture, life } = await accounts();
  const { store, journal } = life;
  const secrets = new SecretBox('the key of this test');
  const keys = await ProofKeys.open({
    journal,
    store,
    secrets,
    clock: fixture.clock,
    config: loadConfig({}),
  });
  const { facts } = await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
  const sessionId = 'session' as SessionId;
  const { userId } = facts;
  await store.execute({ kind: 'open_session', userId, sessionId, ttlSeconds: 60, madeWith: null });
  const answer = await store.acquire(acquireRequest('a', { user: facts.userId, session: sessionId }), 0);
  if (answer.kind !== 'acquired') throw new Error(answer.kind);
  await store.close();
  const proven = async () => new LeaseProver(store, life.accounts, keys).addTo({}, answer.lease, true);
  await expect(proven()).rejects.toMatchObject(UNKNOWN);
});

describe('revoking the tokens of several users', () => {
  test('has an unknown outcome if the store is closed between two of them', async () => {
    const { life, fixture } = await accounts();
    await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    const { subject: _, ...other } = OCTOCAT;
    await life.accounts.changes.issue(
      { ...other, provider: 'local', subject: 'octocat' },
      NO_TERMS,
      SERVER_ORIGIN,
    );
    closeAfterCommit(life.store);
    const revoked = new TokenAdministration(life.accounts, fixture.clock).revokeAllOf('octocat');
    await expect(revoked).rejects.toMatchObject(UNKNOWN);
  });

  test('was not begun if the store was closed before', async () => {
    const { life, fixture } = await accounts();
    await life.accounts.changes.signIn(OCTOCAT, SERVER_ORIGIN);
    await life.store.close();
    const revoked = new TokenAdministration(life.accounts, fixture.clock).revokeAllOf('octocat');
    await expect(revoked).rejects.toMatchObject(NOTHING_DONE);
  });
});

describe('a refusal', () => {
  test.each(['store_unavailable', 'outcome_unknown'] as const)('that says %s stays one', async (code) => {
    const { store } = await StoreRig.open();
    const refused = store.settleRefusal(async () => {
      await store.close();
      throw new OctoStoreError(code);
    });
    await expect(refused).rejects.toMatchObject({ code, headers: undefined });
  });

  test('of any other kind is not revealed by a closed store', async () => {
    const { store } = await StoreRig.open();
    const refused = store.settleRefusal(async () => {
      await store.close();
      throw new OctoStoreError('lock_not_found');
    });
    await expect(refused).rejects.toMatchObject(NOTHING_DONE);
  });
});
