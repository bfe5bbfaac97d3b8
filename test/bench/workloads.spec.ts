import { expect, test } from 'vitest';
import type { Script, Site } from '../../src/bench/load/script.js';
import { targetOf } from '../../src/bench/server/server-under-test.js';
import { acquireRelease } from '../../src/bench/workloads/acquire-release.js';
import { contended } from '../../src/bench/workloads/contended.js';
import { mixed } from '../../src/bench/workloads/mixed.js';

const target = targetOf('http://127.0.0.1:3000', 'token');

function siteWith(record: Site['record'] = () => undefined): Site {
  return { target, run: 'test', seconds: 1, record };
}

/** Sends the next request, which is answered at once. */
function exchange(script: Script, nowMs: number, succeeded = true): string {
  const request = script.next(nowMs);
  script.answered?.(request, succeeded, nowMs);
  return request.operation;
}

test('only what was acquired is released', () => {
  const script = acquireRelease.begin(siteWith())(0);
  const operations = [true, true, false, true, false, true].map((succeeded) =>
    exchange(script, 0, succeeded),
  );
  expect(operations).toEqual(['acquire', 'release', 'acquire', 'acquire', 'release', 'acquire']);
});

test('a handoff lasts from the release to the grant to the next holder', () => {
  const handoffs: number[] = [];
  const clientOf = contended.begin(siteWith((_, startedMs, nowMs) => void handoffs.push(nowMs - startedMs)));
  const [first, second] = [clientOf(0), clientOf(1)];
  exchange(first, 0);
  const waiting = second.next(1);
  const release = first.next(10);
  second.answered?.(waiting, true, 13);
  first.answered?.(release, true, 14);
  expect(handoffs).toEqual([3]);
  expect([first.isAtRest, second.isAtRest]).toEqual([true, false]);
});

test('the lifetime of a lock begins with a successful acquire and ends with its release', async () => {
  const script = mixed.begin(siteWith())(0);
  await script.prepare?.(() => Promise.resolve({ status: 200, body: '{"session_id":"s"}' }));
  expect([exchange(script, 0, false), exchange(script, 0, false)]).toEqual(['acquire', 'acquire']);
  const life = Array.from({ length: 10 }, () => exchange(script, 0));
  expect(life.filter((operation) => operation === 'renew')).toHaveLength(4);
  expect([life[0], life[9], script.isAtRest]).toEqual(['acquire', 'release', true]);
});

test.each([
  ['http://127.0.0.1:3000/', { host: '127.0.0.1', port: 3000, isSecure: false, basePath: '' }],
  [
    'https://locks.example.com/octostore/',
    { host: 'locks.example.com', port: 443, isSecure: true, basePath: '/octostore' },
  ],
  ['http://[::1]', { host: '::1', port: 80, isSecure: false, basePath: '' }],
])('the URL %s is parsed', (url, expected) => {
  expect(targetOf(url, 't')).toEqual({ ...expected, token: 't' });
});

test('requests name the host as the URL does, and add to its path', () => {
  const site = { ...siteWith(), target: targetOf('https://locks.example.com/octostore', 'secret') };
  const text = acquireRelease.begin(site)(7).next(0).bytes.toString();
  expect(text).toMatch(
    /^POST \/octostore\/locks\/bench%2Ftest%2F7\/acquire HTTP\/1\.1\r\nhost: locks\.example\.com\r\n/,
  );
  expect(text).toContain('authorization: Bearer secret');
});
