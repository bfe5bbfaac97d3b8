import { expect, test } from 'vitest';
import { AuditTrail } from '../../../../src/audit/audit-trail.js';
import { SERVER_ORIGIN } from '../../../../src/audit/origin.js';
import { Accounts } from '../../../../src/auth/accounts.js';
import { sealCredential } from '../../../../src/auth/memberships/credential.js';
import { MembershipRechecks } from '../../../../src/auth/memberships/membership-rechecks.js';
import type {
  MembershipAnswer,
  MembershipSource,
} from '../../../../src/auth/memberships/membership-source.js';
import type { UserId } from '../../../../src/core/model/ids.js';
import { SecretBox } from '../../../../src/secrets/secret-box.js';
import { LockStore } from '../../../../src/store/lock-store.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { useServer } from '../../suite.js';
import { HOUR_MS } from './member.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

let names = 0;

/** Signs new people in, each with one group. Returns the ids of their accounts. */
async function newMembers(count: number): Promise<UserId[]> {
  const accounts = suite.server.app.get(Accounts);
  const signIns = Array.from({ length: count }, async () => {
    names += 1;
    const subject = `https://issuer.example:${names}`;
    const credential = sealCredential(suite.server.app.get(SecretBox), subject, String(names));
    const identity = { provider: 'oidc', subject, login: `user-${names}`, avatarUrl: null } as const;
    const issued = await accounts.changes.signIn(identity, SERVER_ORIGIN, {
      groups: ['group:ops'],
      basis: 'group',
      credential,
    });
    return issued.user.userId as UserId;
  });
  return Promise.all(signIns);
}

/** A provider that gives these answers, and everyone whom it was asked about. */
function rechecksWith(answer: (userId: string) => MembershipAnswer['kind']): {
  rechecks: MembershipRechecks;
  asked: string[];
} {
  const asked: string[] = [];
  const source: MembershipSource = {
    provider: 'oidc',
    askedFor: () => null,
    ask: ({ userId }, credential) => {
      asked.push(userId);
      const kind = answer(userId);
      if (kind === 'unanswered') return Promise.resolve({ kind, retryAfterMs: null });
      if (kind === 'confirmed')
        return Promise.resolve({ kind, groups: ['group:ops'], basis: 'group', credential });
      return Promise.resolve({ kind });
    },
  };
  const { app } = suite.server;
  const rechecks = new MembershipRechecks({
    accounts: app.get(Accounts),
    store: app.get(LockStore),
    secretBox: app.get(SecretBox),
    trail: app.get(AuditTrail),
    clock,
    sources: [source],
    intervalMs: 12 * HOUR_MS,
  });
  return { rechecks, asked };
}

function groupsOf(members: readonly UserId[]): string[] {
  const { memberships } = suite.server.app.get(Accounts);
  return members.flatMap((userId) => memberships.groupsOf(userId));
}

test('after days without a server, no one loses a group before the provider was asked', async () => {
  const members = await newMembers(120);
  clock.advance(100 * HOUR_MS);
  const { rechecks, asked } = rechecksWith(() => 'confirmed');
  for (let run = 1; run <= 3; run += 1) {
    await rechecks.run();
    expect([asked.length, groupsOf(members).length]).toEqual([Math.min(run * 50, 120), 120]);
  }
});

test('an account about which the provider says nothing does not keep the others from being asked about', async () => {
  const members = await newMembers(10);
  const { rechecks, asked } = rechecksWith((userId) => (userId === members[0] ? 'unanswered' : 'confirmed'));
  for (let hour = 0; hour < 40; hour += 1) {
    clock.advance(HOUR_MS);
    await rechecks.run();
  }
  for (const member of members) expect(asked).toContain(member);
  expect([groupsOf(members.slice(0, 1)), groupsOf(members).length]).toEqual([[], 9]);
});

test('a provider that is down is left alone after a few questions', async () => {
  const members = await newMembers(10);
  clock.advance(12 * HOUR_MS);
  const { rechecks, asked } = rechecksWith(() => 'unanswered');
  await rechecks.run();
  expect([asked.length, groupsOf(members).length]).toEqual([3, 10]);
  await rechecks.run();
  expect(asked).toHaveLength(3);
  clock.advance(300_000);
  await rechecks.run();
  expect(asked).toHaveLength(6);
});
