import { afterEach, describe, expect, test } from 'vitest';
import { WarningPublisher } from '../../../src/history/warning-publisher.js';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { ManualClock } from '../../support/manual-clock.js';
import { ALICE, BOB } from '../../support/server.js';
import { SseStream, type SseFrame } from '../../support/sse.js';
import { sharedCertificate, WebhookReceiver } from '../../support/webhook-receiver.js';
import { applyPolicy, policyText, removePolicy } from '../access/policy-suite.js';
import { acquire, expectError, newName, useServer, type Granted } from '../suite.js';

const clock = new ManualClock();
const suite = useServer(
  {
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
    MAX_LOCKS_PER_USER: '1000',
  },
  clock,
);
const contract = ApiContract.load();

afterEach(() => removePolicy(suite));

/** Renews a lease when this much of its 10 s is left. */
async function renewWith(leftMs: number, { name, leaseId }: Granted): Promise<void> {
  clock.advance(10_000 - leftMs);
  const { status } = await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 10 });
  expect(status).toBe(200);
}

/** Logs the warnings that wait, without the wait. */
function publish(): Promise<void> {
  return suite.server.app.get(WarningPublisher).publish();
}

async function watch(
  name: string,
  types: string,
  { token = ALICE, lastEventId = null as number | null } = {},
): Promise<SseStream> {
  const path = `/watch?prefix=${name}&events=${types}`;
  const stream = await SseStream.open(`${suite.server.url}${path}`, { token, lastEventId });
  if (lastEventId === null) await stream.next();
  return stream;
}

/** A frame with what the API document says that it has. */
function warningIn({ event, data }: SseFrame): Record<string, unknown> {
  expect(event).toBe('warning');
  expect(contract.problemsWithSchema('LockEventBody', data)).toEqual([]);
  return data;
}

describe('a late renewal', () => {
  test('is an event for those who name its type', async () => {
    const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
    const stream = await watch(granted.name, 'warning');
    await renewWith(1_500, granted);
    await publish();
    const { sequence, holder_id, ...rest } = warningIn(await stream.next());
    expect(rest).toEqual({
      event: 'warning',
      lock: granted.name,
      fencing_token: granted.token,
      timestamp: new Date(clock.wallMs()).toISOString(),
      mode: 'exclusive',
      holder: 'alice',
      warning: 'renews_late',
      summary: 'alice last renewed it with only 1 s of 10 s left.',
      margin_ms: 1_500,
      ttl_ms: 10_000,
    });
    expect(holder_id).toBe((await suite.bob.get(`/locks/${granted.name}`)).body['holder_id']);
    expect((await suite.operator.get('/admin/status')).body['event_sequence']).toBe(sequence);
  });

  test('is one event a minute', async () => {
    const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
    const stream = await watch(granted.name, 'warning,released');
    for (let i = 0; i < 8; i += 1) {
      await renewWith(1_000, granted);
      await publish();
    }
    await suite.alice.post(`/locks/${granted.name}/release`, { lease_id: granted.leaseId });
    const times: number[] = [];
    for (let frame = await stream.next(); frame.event !== 'released'; frame = await stream.next())
      times.push(Date.parse(String(warningIn(frame)['timestamp'])));
    // Eight renewals with 9 s in between: the first one, and the first one a minute later.
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(63_000);
  });

  test('is resumed like every event', async () => {
    const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
    const stream = await watch(granted.name, '*,warning');
    await renewWith(1_000, granted);
    await publish();
    const renewed = await stream.next();
    expect(renewed.event).toBe('renewed');
    const first = await stream.next();
    const again = await watch(granted.name, '*,warning', { lastEventId: Number(renewed.id) });
    expect(await again.next()).toEqual(first);
    const ignorant = await watch(granted.name, '*', { lastEventId: Number(renewed.id) });
    await suite.alice.post(`/locks/${granted.name}/release`, { lease_id: granted.leaseId });
    expect((await ignorant.next()).event).toBe('released');
  });

  test('is not shown to those who may not observe the lock', async () => {
    const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
    const shown = await acquire(suite.alice, `${granted.name}-shown`, { ttl_seconds: 10 });
    await applyPolicy(suite, policyText({ to: 'static:bob', may: 'observe', on: [shown.name] }));
    const stream = await watch(granted.name, 'warning', { token: BOB });
    clock.advance(9_000);
    for (const { name, leaseId } of [granted, shown])
      await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 10 });
    await publish();
    expect(warningIn(await stream.next())['lock']).toBe(shown.name);
  });

  test('changes neither the history nor the explanation of the lock', async () => {
    const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
    await renewWith(1_000, granted);
    const seen = async () => [
      (await suite.bob.get(`/history/${granted.name}`)).body,
      (await suite.bob.get(`/explain/${granted.name}`)).body,
    ];
    const before = await seen();
    expect(before[1]).toMatchObject({ warnings: [{ kind: 'renews_late' }] });
    await publish();
    expect(await seen()).toEqual(before);
  });
});

test('a lock that begins to change hands often is an event, also when it is free again', async () => {
  const name = newName('busy');
  const take = async (): Promise<void> => {
    const { leaseId } = await acquire(suite.alice, name);
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  };
  const stream = await watch(name, 'warning');
  for (let i = 0; i < 40; i += 1) {
    clock.advance(60_000);
    await take();
  }
  for (let i = 0; i < 40; i += 1) {
    clock.advance(10);
    await take();
  }
  await publish();
  const data = warningIn(await stream.next());
  expect(data).toMatchObject({ warning: 'changes_hands_often', lock: name, mode: 'exclusive' });
  expect(Number(data['interval_ms'])).toBeLessThan(Number(data['usual_interval_ms']) / 5);
  expect(data['summary']).toMatch(/^Lately it was granted every .+, and before that every .+\.$/);
});

test('a webhook that names the type gets it', async () => {
  const granted = await acquire(suite.alice, newName('late'), { ttl_seconds: 10 });
  const [named, usual] = [await WebhookReceiver.start(), await WebhookReceiver.start()];
  for (const [receiver, events] of [
    [named, ['warning', 'released']],
    [usual, undefined],
  ] as const) {
    const request = { url: receiver.url(), lock_pattern: granted.name, events };
    expect((await suite.alice.post('/webhooks', request)).status).toBe(201);
  }
  await renewWith(1_000, granted);
  await publish();
  await suite.alice.post(`/locks/${granted.name}/release`, { lease_id: granted.leaseId });
  const bodies = async (receiver: WebhookReceiver, count: number) =>
    (await receiver.receives(count)).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  const [warning, released] = await bodies(named, 2);
  expect(contract.problemsWithSchema('LockEventBody', warning)).toEqual([]);
  expect(warning).toMatchObject({ event: 'warning', warning: 'renews_late', fencing_token: granted.token });
  expect(warning).not.toHaveProperty('holder');
  expect(released?.['event']).toBe('released');
  expect((await bodies(usual, 2)).map(({ event }) => event)).toEqual(['renewed', 'released']);
});

test('an unknown type is refused as before', async () => {
  expectError(await suite.alice.get('/watch?events=warnings'), 'validation_failed');
});
