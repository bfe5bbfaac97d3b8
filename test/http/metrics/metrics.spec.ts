import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { VERSION } from '../../../src/version.js';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ADMIN_KEY, BOB } from '../../support/server.js';
import { makeFolder } from '../../support/temp-folder.js';
import { sharedCertificate, WebhookReceiver } from '../../support/webhook-receiver.js';
import { acquire, newName, openSession, useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const backups = makeFolder();
afterAll(() => backups.remove());

const suite = useServer({
  BACKUP_DIR: backups.path,
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});

/** The values by name and labels, as they appear in the text. */
async function scrape(): Promise<Map<string, number>> {
  const { body } = await suite.operator.get('/metrics');
  const lines = String(body['text'])
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

test('metrics have the text format of Prometheus', async () => {
  const { status, headers, body } = await suite.operator.get('/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body['text']).toMatch(/^# HELP octostore_/m);
  expect(body['text']).toMatch(/\n$/);
});

test('metrics count what happens to locks', async () => {
  const before = await scrape();
  const grown = async (name: string) => ((await scrape()).get(name) ?? 0) - (before.get(name) ?? 0);
  const { name, leaseId, token } = await acquire(suite.alice);
  await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
  await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
  expect(await grown('octostore_locks_held')).toBe(1);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect(await grown('octostore_locks_held')).toBe(0);
  expect(await grown('octostore_grants_total')).toBe(1);
  expect(await grown('octostore_renewals_total')).toBe(1);
  expect(await grown('octostore_releases_total')).toBe(1);
  expect(await grown('octostore_conflicts_total')).toBe(1);
  expect((await scrape()).get('octostore_fencing_token')).toBe(token);
});

test('metrics count the records of the audit, and the refusals that share one', async () => {
  const before = await scrape();
  const grown = async (name: string) => ((await scrape()).get(name) ?? 0) - (before.get(name) ?? 0);
  await suite.operator.post('/admin/tokens', { user: 'counted' });
  for (let time = 0; time < 3; time += 1) await suite.bob.get('/admin/audit');
  await expect.poll(() => grown('octostore_audit_last_number')).toBe(2);
  expect(await grown('octostore_audit_records_total{action="token.create",outcome="ok"}')).toBe(1);
  expect(await grown('octostore_audit_records_total{action="administration",outcome="refused"}')).toBe(1);
  expect(await grown('octostore_audit_refusals_total{action="administration"}')).toBe(3);
});

test('metrics count sessions, and the leases that expired', async () => {
  const before = await scrape();
  await openSession(suite.alice);
  await acquire(suite.alice, newName(), { ttl_seconds: 1 });
  expect((await scrape()).get('octostore_sessions')).toBe((before.get('octostore_sessions') ?? 0) + 1);
  await expect
    .poll(async () => (await scrape()).get('octostore_expiries_total'))
    .toBe((before.get('octostore_expiries_total') ?? 0) + 1);
});

test('metrics count breaks, requests to release, and the locks that are delayed', async () => {
  const before = await scrape();
  const grown = async (name: string) => ((await scrape()).get(name) ?? 0) - (before.get(name) ?? 0);
  const { name } = await acquire(suite.alice, newName(), { lock_delay_seconds: 60 });
  await suite.bob.post(`/locks/${name}/request-release`);
  await suite.operator.post(`/locks/${name}/break`, { reason: 'maintenance' });
  expect(await grown('octostore_breaks_total')).toBe(1);
  expect(await grown('octostore_release_requests_total')).toBe(1);
  expect(await grown('octostore_locks_delayed')).toBe(1);
  expect(await grown('octostore_locks_held')).toBe(0);
  expect(await grown('octostore_expiries_total')).toBe(0);
  expect(await grown('octostore_hold_duration_seconds_count{end="broken"}')).toBe(1);
  await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
  expect(await grown('octostore_conflicts_total')).toBe(1);
  await suite.operator.post(`/locks/${name}/break`, { reason: 'end of the test' });
  expect(await grown('octostore_locks_delayed')).toBe(0);
});

test('every documented metric has a sample in the text, after traffic that changes it', async () => {
  const documented = new Set(readFileSync('docs/operations.md', 'utf8').match(/\boctostore_[a-z_]+\b/g));
  const receiver = await WebhookReceiver.start();
  await suite.alice.post('/webhooks', { url: receiver.url() });
  const { name, leaseId } = await acquire(suite.alice);
  await receiver.receives(1);
  await openSession(suite.alice);
  const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 10 });
  await expect.poll(async () => (await scrape()).get('octostore_waiters')).toBe(1);
  await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  await waiting;
  await suite.nobody.get('/locks');
  const names = new Set(
    [...(await scrape()).keys()].flatMap((sample) => {
      const name = sample.replace(/\{.*$/, '');
      return [name, name.replace(/_(?:bucket|sum|count)$/, '')];
    }),
  );
  const missing = [...documented].filter((metric) => !names.has(metric));
  expect(missing).toEqual([]);
});

test('metrics show how long requests took, waited, and held locks', async () => {
  const grown = async (key: string, act: () => Promise<void>) => {
    const before = (await scrape()).get(key) ?? 0;
    await act();
    await expect.poll(async () => (await scrape()).get(key) ?? 0).toBeGreaterThan(before);
  };
  const { name, leaseId } = await acquire(suite.alice);
  await grown('octostore_http_request_duration_seconds_count{route="/locks/{name}"}', async () => {
    await suite.alice.get(`/locks/${name}`);
  });
  await grown('octostore_wait_duration_seconds_count{outcome="conflict"}', async () => {
    await suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 1 });
  });
  await grown('octostore_hold_duration_seconds_count{end="released"}', async () => {
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  });
});

test('metrics show the version, the limits, and the free disk space', async () => {
  const samples = await scrape();
  expect(samples.get(`octostore_build_info{version="${VERSION}",node="${process.version}"}`)).toBe(1);
  expect(samples.get('octostore_limit{setting="MAX_LOCKS_PER_USER"}')).toBe(100);
  expect(samples.get('octostore_free_disk_bytes')).toBeGreaterThan(0);
});

describe('metrics of requests', () => {
  test('name the route and never the lock', async () => {
    const { name } = await acquire(suite.alice, `${newName()}/secret-project`);
    await suite.alice.get(`/locks/${name}`);
    await suite.alice.get('/nowhere/secret-project');
    await expect
      .poll(async () =>
        (await scrape()).get('octostore_http_requests_total{method="GET",route="unmatched",code="404"}'),
      )
      .toBeGreaterThan(0);
    const keys = [...(await scrape()).keys()];
    expect(keys).toContain(
      'octostore_http_requests_total{method="POST",route="/locks/{name}/acquire",code="200"}',
    );
    expect(keys).toContain('octostore_http_requests_total{method="GET",route="/locks/{name}",code="200"}');
    expect(keys.join('\n')).not.toContain('secret-project');
  });

  test('count abandoned requests as aborted, not as answered', async () => {
    const { name } = await acquire(suite.alice);
    const connection = await openRawConnection(suite.server.url);
    const body = JSON.stringify({ ttl_seconds: 1, wait_seconds: 60 });
    connection.send(requestText('POST', `/locks/${name}/acquire`, { authorization: `Bearer ${BOB}` }, body));
    await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
    connection.reset();
    await expect
      .poll(async () =>
        (await scrape()).get(
          'octostore_http_requests_total{method="POST",route="/locks/{name}/acquire",code="aborted"}',
        ),
      )
      .toBe(1);
  });

  test('do not grow with unknown methods', async () => {
    const text = requestText('BREW', '/locks', {});
    expect((await rawCall(suite.server.url, text)).status).toBe(400);
    expect([...(await scrape()).keys()].join('\n')).not.toContain('BREW');
  });
});

test('metrics accept the key in either place and refuse everyone else', async () => {
  const headers = { 'x-admin-key': ADMIN_KEY };
  expect((await suite.nobody.get('/metrics', { headers })).status).toBe(200);
  await suite.expectRefusal('unauthorized', () => suite.nobody.get('/metrics'));
  await suite.expectRefusal('admin_required', () => suite.alice.get('/metrics'));
});
