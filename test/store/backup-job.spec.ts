import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BackupJob } from '../../src/store/backup/backup.job.js';
import { backupNameAt } from '../../src/store/backup/backup-name.js';
import { Journal } from '../../src/journal/journal.js';
import { LockStore } from '../../src/store/lock-store.js';
import { linesOf } from '../audit/audit-fixture.js';
import { readNumbers } from '../commands/database.js';
import { ManualClock } from '../support/manual-clock.js';
import { ADMIN_KEY, ALICE, startServer, type TestServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SOON = { timeout: 20_000, interval: 5 } as const;

class Rig {
  readonly clock = new ManualClock();
  readonly folder = testFolder();
  readonly database = join(testFolder(), 'octostore.db');
  #server: TestServer | null = null;

  get server(): TestServer {
    if (this.#server === null) throw new Error('no server');
    return this.#server;
  }

  get job(): BackupJob {
    return this.server.app.get(BackupJob);
  }

  get files(): string[] {
    return readdirSync(this.folder).toSorted();
  }

  async start(settings: Record<string, string> = {}): Promise<void> {
    const environment = { DATABASE_URL: this.database, BACKUP_DIR: this.folder, ...settings };
    this.#server = await startServer(environment, this.clock);
    onTestFinished(() => this.stop());
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  /** Advances the clock, and waits until the job has finished its next check. */
  async look(afterMs = 0): Promise<void> {
    for (const ms of afterMs === 0 ? [MINUTE_MS] : [afterMs, MINUTE_MS]) {
      this.clock.advance(ms);
      // The timer of the next check is set when this one has ended.
      await expect.poll(() => this.job.isChecking, SOON).toBe(false);
    }
  }

  async metric(name: string): Promise<number | null> {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const text = await (await fetch(`${this.server.url}/metrics`, { headers })).text();
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  }
}

test('the first backup is made soon after the start, then one per interval, and the given number is kept', async () => {
  const rig = new Rig();
  await rig.start({ BACKUP_EVERY_HOURS: '2', BACKUP_KEEP: '2' });
  expect(await rig.metric('octostore_backup_last_success_timestamp_seconds')).toBe(0);
  await rig.look();
  const first = rig.files;
  expect(first).toEqual([expect.stringMatching(/^octostore-\d{8}T\d{6}Z\.db$/)]);
  expect((await readNumbers(join(rig.folder, first[0] ?? ''))).token).toBe(0);
  expect(JSON.parse((await linesOf(rig.server.app.get(Journal))).at(-1) ?? '{}')).toMatchObject({
    action: 'database.backup',
    actor: { kind: 'server' },
    details: { file: join(rig.folder, first[0] ?? '') },
  });
  await rig.look(HOUR_MS);
  expect(rig.files).toEqual(first);

  writeFileSync(join(rig.folder, 'precious.db'), '');
  for (let number = 0; number < 3; number += 1) await rig.look(2 * HOUR_MS);
  const kept = rig.files.filter((name) => name !== 'precious.db');
  expect(kept).toHaveLength(2);
  expect(kept).not.toContain(first[0]);
  expect(rig.files).toContain('precious.db');
  const lastSuccess = await rig.metric('octostore_backup_last_success_timestamp_seconds');
  expect(backupNameAt((lastSuccess ?? 0) * 1000)).toBe(kept[1]);
  expect(await rig.metric('octostore_backup_failures_total')).toBe(0);
});

test('restarts make no backup early, and the metric continues from the files', async () => {
  const rig = new Rig();
  await rig.start();
  await rig.look();
  const [first] = rig.files;
  await rig.stop();
  for (let start = 0; start < 3; start += 1) {
    await rig.start();
    expect(backupNameAt(rig.job.lastSuccessMs ?? 0)).toBe(first);
    await rig.look();
    await rig.stop();
  }
  expect(rig.files).toEqual([first]);
  rig.clock.advance(24 * HOUR_MS);
  await rig.start();
  await rig.look();
  expect(rig.files).toHaveLength(2);
});

test('a failed backup is counted, leaves no file, is retried, and removes no old backup', async () => {
  const rig = new Rig();
  const old = backupNameAt(rig.clock.wallMs() - 48 * HOUR_MS);
  writeFileSync(join(rig.folder, old), '');
  await rig.start({ BACKUP_KEEP: '1' });
  const away = `${rig.folder}-away`;
  renameSync(rig.folder, away);
  await rig.look();
  expect(await rig.metric('octostore_backup_failures_total')).toBe(1);
  await rig.look();
  expect(rig.job.failures).toBe(1);
  renameSync(away, rig.folder);
  await rig.look(10 * MINUTE_MS);
  expect(rig.job.failures).toBe(1);
  expect(rig.files).toHaveLength(1);
  expect(rig.files).not.toContain(old);
});

test('a disk with too little room gets no backup', async () => {
  const rig = new Rig();
  await rig.start({ MIN_FREE_DISK_MB: '1000000' });
  await rig.look();
  expect(rig.job.failures).toBe(1);
  expect(rig.files).toEqual([]);
});

test('leftovers of a killed server are removed, but not a folder of that name', async () => {
  const rig = new Rig();
  const [left, folder] = [48, 47].map(
    (hours) => `${backupNameAt(rig.clock.wallMs() - hours * HOUR_MS)}.unfinished`,
  );
  writeFileSync(join(rig.folder, left ?? ''), 'half');
  mkdirSync(join(rig.folder, folder ?? ''));
  await rig.start();
  await rig.look();
  expect(rig.files).toEqual([folder, expect.stringMatching(/Z\.db$/)]);
});

test('a stop, and a disk that fills up, end a backup at once and leave nothing', async () => {
  const rig = new Rig();
  await rig.start();
  const { admission } = rig.server.app.get(LockStore);
  // Set in this way, the disk space job does not undo it.
  Object.defineProperty(admission, 'isStorageLow', { value: true });
  await rig.look();
  expect(rig.job.failures).toBe(1);
  expect(rig.files).toEqual([]);
  await rig.stop();
  await rig.start();
  rig.clock.advance(MINUTE_MS);
  await rig.stop();
  expect(rig.files.filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('a backup from the future, made while the clock was wrong, neither prevents new backups nor causes one to be removed', async () => {
  const rig = new Rig();
  const future = backupNameAt(rig.clock.wallMs() + 1_000 * HOUR_MS);
  writeFileSync(join(rig.folder, future), '');
  await rig.start({ BACKUP_KEEP: '1' });
  await rig.look();
  expect(rig.files).toHaveLength(2);
  expect(rig.files).toContain(future);
});

test('commits continue while a backup reads, and the copy is of one moment', async () => {
  const rig = new Rig();
  await rig.start();
  const acquire = async (lock: string): Promise<number> => {
    const response = await fetch(`${rig.server.url}/locks/${lock}/acquire`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALICE}` },
      body: JSON.stringify({ ttl_seconds: 60 }),
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { fencing_token: number }).fencing_token;
  };
  const before = await acquire('before');
  rig.clock.advance(MINUTE_MS);
  let during = 0;
  for (let number = 0; number < 20; number += 1) during = await acquire(`during/${number}`);
  await expect.poll(() => rig.job.isChecking, SOON).toBe(false);
  const [file = ''] = rig.files;
  const { token } = await readNumbers(join(rig.folder, file));
  expect(token).toBeGreaterThanOrEqual(before);
  expect(token).toBeLessThanOrEqual(during);
});

test('without BACKUP_DIR none are made, and the metric has no value', async () => {
  const rig = new Rig();
  await rig.start({ BACKUP_DIR: '' });
  rig.clock.advance(48 * HOUR_MS);
  expect(await rig.metric('octostore_backup_last_success_timestamp_seconds')).toBe(null);
  expect(rig.files).toEqual([]);
});
