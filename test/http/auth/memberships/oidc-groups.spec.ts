import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { SseStream } from '../../../support/sse.js';
import { OidcFixture } from '../oidc/oidc-fixture.js';
import { grant, Member, recheckAfter } from './member.js';

const clock = new ManualClock();

const fixture = OidcFixture.forTests(
  { OIDC_ALLOWED_GROUPS: 'staff', ADMIN_KEY: 'the-admin-key-of-tests' },
  clock,
);

async function signIn(...groups: string[]): Promise<Member> {
  fixture.provider.claims = { ...fixture.provider.claims, groups: ['staff', ...groups] };
  return new Member(fixture.server, await fixture.token());
}

function belongsTo(...groups: string[]): void {
  fixture.provider.claims = { ...fixture.provider.claims, groups };
}

describe('the groups of an account', () => {
  test('are those of its last sign-in, and the policy grants them locks', async () => {
    await grant(fixture.server, { 'group:ops': 'ops/*', 'group:dev': 'dev/*' });
    const ada = await signIn('ops');
    expect(await ada.groups()).toEqual(['group:ops', 'group:staff']);
    expect((await ada.acquire('ops/a')).status).toBe(200);
    expect((await ada.acquire('dev/a')).status).toBe(403);
    await signIn('dev');
    expect((await ada.acquire('ops/a')).status).toBe(403);
    expect((await ada.acquire('dev/a')).status).toBe(200);
  });

  test('end what waits and what watches, when they change', async () => {
    await grant(fixture.server, { 'group:ops': 'queue/*', 'group:dev': 'queue/*', 'group:staff': 'other/*' });
    const ada = await signIn('ops');
    fixture.provider.claims = { sub: 'another', preferred_username: 'bob' };
    const bob = await signIn('dev');
    expect((await bob.acquire('queue/a')).status).toBe(200);
    const stream = await SseStream.open(`${fixture.server.url}/watch?prefix=queue/`, { token: ada.token });
    const waiting = ada.acquire('queue/a', 60);
    const status = async (): Promise<unknown> => (await bob.send('GET', '/queues/queue%2Fa')).body['waiters'];
    while (JSON.stringify((await status()) ?? []) === '[]');
    fixture.provider.behave();
    await signIn();
    expect((await waiting).status).toBe(403);
    await stream.ended;
    expect((await ada.acquire('queue/a')).status).toBe(403);
  });

  test('explain what the policy grants', async () => {
    await grant(fixture.server, { 'group:ops': 'ops/*' });
    const ada = await signIn('ops');
    const { body } = await ada.send('GET', '/me');
    const why = await fetch(
      `${fixture.server.url}/admin/policy/why?user=${String(body['login'])}&action=acquire&lock=ops/a`,
      { headers: { 'x-admin-key': 'the-admin-key-of-tests' } },
    );
    expect(await why.json()).toMatchObject({ allowed: true, reason: expect.stringContaining('group:ops') });
  });
});

describe('the provider is asked again', () => {
  test('and someone who has left a group loses what it granted', async () => {
    await grant(fixture.server, { 'group:ops': 'ops/*' });
    const ada = await signIn('ops');
    belongsTo('staff');
    await recheckAfter(8, fixture.server, clock);
    expect((await ada.acquire('ops/b')).status).toBe(200);
    await recheckAfter(4, fixture.server, clock);
    expect(await ada.groups()).toEqual(['group:staff']);
    expect((await ada.acquire('ops/b')).status).toBe(403);
  });

  test('with a new refresh token each time', async () => {
    const ada = await signIn('ops');
    for (let time = 0; time < 3; time += 1) await recheckAfter(12, fixture.server, clock);
    expect(await ada.groups()).toEqual(['group:ops', 'group:staff']);
  });

  test('and someone who may not sign in any longer is shut out until the next sign-in', async () => {
    const ada = await signIn('ops');
    belongsTo('ops');
    const stream = await SseStream.open(`${fixture.server.url}/watch?prefix=other/`, { token: ada.token });
    await recheckAfter(12, fixture.server, clock);
    expect(await ada.send('GET', '/me')).toMatchObject({ status: 401, body: { code: 'sign_in_required' } });
    await stream.ended;
    await recheckAfter(12, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(401);
    await signIn('ops');
    expect((await ada.send('GET', '/me')).status).toBe(200);
  });

  test('and someone for whom it no longer vouches is shut out', async () => {
    const ada = await signIn('ops');
    fixture.provider.refreshes = false;
    await recheckAfter(12, fixture.server, clock);
    expect(await ada.send('GET', '/me')).toMatchObject({ status: 401, body: { code: 'sign_in_required' } });
  });
});

describe('if the provider does not answer', () => {
  test('the groups stay for three intervals, and are then gone until it answers', async () => {
    const ada = await signIn('ops');
    fixture.provider.misbehave('token', 'status 500');
    await recheckAfter(35, fixture.server, clock);
    expect(await ada.groups()).toEqual(['group:ops', 'group:staff']);
    await recheckAfter(1, fixture.server, clock);
    expect((await ada.send('GET', '/me')).status).toBe(401);
    fixture.provider.behave();
    belongsTo('staff', 'ops');
    await recheckAfter(1, fixture.server, clock);
    expect(await ada.groups()).toEqual(['group:ops', 'group:staff']);
  });
});
