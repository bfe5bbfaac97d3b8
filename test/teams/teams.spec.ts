import { existsSync } from 'node:fs';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { findPrograms } from '../../lab/kit/postgres/binaries.js';
import { ownAddress } from '../../lab/kit/proxy/own-address.js';
import { runTeam } from '../../lab/teams/run-team.js';

/** Longer than everything that has to happen on a busy machine. */
const PATIENT = { timeout: 150_000, interval: 50 };

const printed: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

/** The first group of the latest match in what was printed. */
function latest(pattern: RegExp): string {
  return [...printed.join('\n').matchAll(new RegExp(pattern, 'g'))].at(-1)?.[1] ?? '';
}

function has(pattern: RegExp): () => boolean {
  return () => pattern.test(printed.join('\n'));
}

function start(): { readonly done: Promise<boolean>; readonly stop: () => void } {
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  return { done: runTeam(stop.signal, ownAddress), stop: () => stop.abort() };
}

function isAlive(processId: string): boolean {
  return existsSync(`/proc/${processId}`);
}

/** Does what the introduction suggests. */
async function acquire(): Promise<Record<string, unknown>> {
  const url = latest(/(http:\S+\/acquire)/);
  const authorization = latest(/"Authorization: (Bearer \w+)"/);
  const body = JSON.stringify({ ttl_seconds: 600 });
  const response = await fetch(url, { method: 'POST', headers: { authorization }, body });
  return (await response.json()) as Record<string, unknown>;
}

test.skipIf(findPrograms() === null)(
  'shows who leads, also after the leader was killed, and leaves nothing behind',
  { timeout: 400_000 },
  async () => {
    const { done, stop } = start();
    await vi.waitUntil(has(/Replica \d leads\. To end it/), PATIENT);
    const first = latest(/To end it: kill -9 (\d+)/);
    const { lease_id } = await acquire();
    expect(lease_id).toMatch(/-/);

    process.kill(Number(first), 'SIGKILL');
    await vi.waitUntil(has(/Replica \d leads, after [\d.]+ s without a leader\./), PATIENT);
    await vi.waitUntil(has(/Replica \d is started again, as process \d+\./), PATIENT);
    const second = latest(/To end it: kill -9 (\d+)/);
    expect(second).not.toBe(first);
    expect((await acquire())['lease_id']).toBe(lease_id);

    const folders = [...printed.join('\n').matchAll(/-D (\S+)\/data/g)].map(([, folder]) => folder ?? '');
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
    stop();
    expect(await done).toBe(true);
    expect(printed.at(-1)).toMatch(/Nothing is left of it\.$/);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
    expect([...printed.join('\n').matchAll(/process (\d+)/g)].filter(([, id]) => isAlive(id ?? ''))).toEqual(
      [],
    );
  },
);
