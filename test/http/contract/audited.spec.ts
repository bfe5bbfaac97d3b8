import { expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import type { AuditAction } from '../../../src/audit/audit-action.js';
import { Journal } from '../../../src/journal/journal.js';
import { linesOf } from '../../audit/audit-fixture.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { ALICE } from '../../support/server.js';
import { signedIn } from '../auth/browser/browser-suite.js';
import { useServer } from '../suite.js';
import { THINGS, type Thing } from './authority/things.js';

const suite = useServer({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' });

/** What the event log has, or what only its own user sees. */
const NOT_RECORDED = [
  'POST /locks/{name}/acquire',
  'POST /locks/{name}/release',
  'POST /locks/{name}/renew',
  'POST /locks/{name}/convert',
  'POST /locks/{name}/request-release',
  'DELETE /queues/{name}/{lease_id}',
  'POST /leases',
  'POST /leases/{id}/renew',
  'DELETE /leases/{id}',
  'POST /sessions',
  'POST /sessions/{id}/keepalive',
  'DELETE /sessions/{id}',
  'POST /fences/{name}/advance',
  'POST /fences/{name}/check',
  'POST /webhooks',
  'DELETE /webhooks/{id}',
  'POST /webhooks/{id}/test',
  'POST /webhooks/{id}/deliveries/{delivery_id}/redeliver',
  'POST /webhooks/{id}/deliveries/{delivery_id}/skip',
  'POST /admin/policy/check',
];

/** Recorded, but not as simply: an exchange needs an issuer (`exchange.spec.ts`), and a bearer token ends no browser session (below). */
const ELSEWHERE = ['POST /auth/exchange', 'DELETE /auth/session'];

/** Who sends the request that is recorded: the operator, or a user. */
const RECORDED: Readonly<
  Record<string, readonly [caller: 'operator' | 'alice' | 'other', action: AuditAction]>
> = {
  'POST /locks/{name}/break': ['operator', 'lock.break'],
  'DELETE /fences/{name}': ['operator', 'fence.delete'],
  'POST /admin/webhooks/{id}/suspend': ['operator', 'webhook.suspend'],
  'POST /admin/webhooks/{id}/resume': ['operator', 'webhook.resume'],
  'DELETE /admin/webhooks/{id}': ['operator', 'webhook.delete'],
  'POST /auth/token/rotate': ['other', 'token.rotate'],
  'POST /tokens': ['alice', 'token.create'],
  'DELETE /tokens/{id}': ['alice', 'token.revoke'],
  'POST /admin/tokens': ['operator', 'token.create'],
  'DELETE /admin/tokens': ['operator', 'token.revoke'],
  'DELETE /admin/tokens/{id}': ['operator', 'token.revoke'],
  'POST /admin/break-glass': ['operator', 'token.break_glass'],
  'POST /auth/session': ['alice', 'token.create'],
  'DELETE /me/sessions/{id}': ['alice', 'token.revoke'],
  'POST /service-accounts/{name}/tokens': ['alice', 'token.create'],
  'DELETE /service-accounts/{name}/tokens/{id}': ['alice', 'token.revoke'],
  'POST /admin/service-accounts': ['operator', 'service.create'],
  'PUT /admin/service-accounts/{name}/owners': ['operator', 'service.owners'],
  'DELETE /admin/service-accounts/{name}': ['operator', 'service.delete'],
  'PUT /admin/policy': ['operator', 'policy.apply'],
  'DELETE /admin/policy': ['operator', 'policy.remove'],
};

async function thingOf(route: string): Promise<Thing> {
  if (route === 'PUT /admin/policy')
    return { body: { text: 'grants: [{ to: [everyone], may: [acquire], on: ["*"] }]' } };
  const thing = (await THINGS[route]?.(suite)) ?? {};
  if (route.endsWith('/resume')) await suite.operator.post(`/admin/webhooks/${thing.params?.['id']}/suspend`);
  return thing;
}

async function callerNamed(name: 'operator' | 'alice' | 'other'): Promise<CheckedClient> {
  if (name !== 'other') return suite[name];
  const { body } = await suite.operator.post('/admin/tokens', { user: 'other' });
  return suite.alice.as(String(body['token']));
}

async function recorded(): Promise<string[]> {
  const lines = await linesOf(suite.server.app.get(Journal));
  return lines.flatMap((line) => {
    const { action, outcome } = JSON.parse(line) as { action: string; outcome: string };
    return outcome === 'ok' ? [action] : [];
  });
}

test('every route that changes something is in one of the lists', () => {
  const changing = ApiContract.load().routes.filter(({ method }) => method !== 'GET');
  const listed = [...NOT_RECORDED, ...ELSEWHERE, ...Object.keys(RECORDED)];
  expect(listed.toSorted()).toEqual(
    changing.map(({ method, template }) => `${method} ${template}`).toSorted(),
  );
});

test.each(Object.entries(RECORDED))('%s is recorded', async (route, [name, action]) => {
  const { params = {}, query = '', body } = await thingOf(route);
  const caller = await callerNamed(name);
  const before = (await recorded()).length;
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(/\{(\w+)\}/g, (_, param: string) => params[param] ?? 'missing');
  await caller.call(method, path + query, { body, headers: { 'if-match': '*' } });
  expect((await recorded()).slice(before)).toContain(action);
});

test('DELETE /auth/session is recorded', async () => {
  const browser = await signedIn(suite, ALICE);
  const before = (await recorded()).length;
  await browser.delete('/auth/session');
  expect((await recorded()).slice(before)).toEqual(['token.revoke']);
});
