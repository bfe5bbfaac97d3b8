import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DatabaseInUseError } from '../../src/journal/errors.js';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournalAt } from '../support/journal.js';
import { StoreProcess } from '../support/store-process.js';
import { StoreRig } from '../support/store.js';
import { testFolder } from '../support/temp-folder.js';

async function connect(path: string): Promise<Journal> {
  const journal = await openJournalAt(path);
  onTestFinished(() => journal.close());
  return journal;
}

describe('a second server on the same file', () => {
  test('is refused at once, with advice, and does not disturb the first', async () => {
    const path = join(testFolder(), 'octostore.db');
    const first = await connect(path);
    const { epoch } = await first.lead();
    const refusal = await connect(path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseInUseError);
    expect(String(refusal)).toContain(path);
    expect(String(refusal)).toContain('DATABASE_URL');
    await first.close();
    expect((await (await connect(path)).lead()).epoch).toBe(epoch + 1);
  });

  test('is also refused through another name of the file', async () => {
    const folder = testFolder();
    const path = join(folder, 'octostore.db');
    const first = await connect(path);
    await first.lead();
    symlinkSync(path, join(folder, 'link.db'));
    symlinkSync(folder, join(folder, 'again'));
    for (const name of ['link.db', 'again/octostore.db', './again/link.db']) {
      await expect(connect(join(folder, name))).rejects.toBeInstanceOf(DatabaseInUseError);
    }
  });

  test('is also refused if the first started through a link to a file that did not exist yet', async () => {
    const folder = testFolder();
    symlinkSync('octostore.db', join(folder, 'link.db'));
    symlinkSync('link.db', join(folder, 'link-to-link.db'));
    await connect(join(folder, 'link-to-link.db'));
    for (const name of ['octostore.db', 'link.db', 'link-to-link.db']) {
      await expect(connect(join(folder, name))).rejects.toBeInstanceOf(DatabaseInUseError);
    }
  });

  test('is refused while another process has it open, and starts once that process is killed', async () => {
    const path = join(testFolder(), 'octostore.db');
    const holder = await StoreProcess.start(path);
    await expect(connect(path)).rejects.toBeInstanceOf(DatabaseInUseError);
    await holder.hasAcquired(50);
    await holder.kill();
    const journal = await connect(path);
    const server = await journal.lead();
    expect(server.epoch).toBe(2);
    const held = (await journal.load('leases')).map(({ fencingToken }) => fencingToken);
    expect(held).toEqual(expect.arrayContaining(holder.tokens));
    expect(server.lastFencingToken).toBeGreaterThanOrEqual(Math.max(...holder.tokens));
  }, 120_000);

  test('does not block readers', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const reader = await RawDatabase.open(rig.path, 'existing', 0);
    expect(await reader.query('select lock_name from leases')).toEqual([{ lock_name: 'a' }]);
    await rig.grant('b');
    await reader.close();
  });
});

test('an open that failed leaves the file free for the next', async () => {
  const path = join(testFolder(), 'octostore.db');
  const first = await connect(path);
  await first.lead();
  await first.close();
  const file = await RawDatabase.open(path, 'existing', 0);
  await file.execute("insert into migrations (timestamp, name) values (1, 'FromTheFuture')");
  await expect(connect(path)).rejects.toThrow('newer version');
  await file.execute("delete from migrations where name = 'FromTheFuture'");
  await file.close();
  expect((await (await connect(path)).lead()).epoch).toBe(2);
});

test('a writer of an earlier term fails for good, whatever began the newer one', async () => {
  const rig = await StoreRig.open();
  await rig.grant('a');
  const other = await RawDatabase.open(rig.path, 'existing', 5_000);
  await other.execute('update server set epoch = epoch + 1');
  await expect(rig.grant('b')).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(await other.query('select lock_name from leases')).toEqual([{ lock_name: 'a' }]);
  await other.close();
  await expect(rig.holding('a')).rejects.toMatchObject({ code: 'store_unavailable' });
});
