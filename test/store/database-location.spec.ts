import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SystemClock } from '../../src/clock/system-clock.js';
import { SqliteLocation } from '../../src/installation/sqlite-location.js';
import { UnusableFileError } from '../../src/installation/unusable-file-error.js';
import { DatabaseInUseError } from '../../src/journal/errors.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { openJournalAt } from '../support/journal.js';
import { testFolder } from '../support/temp-folder.js';

/** Folders `a` and `b`, and a working directory to return to. */
function folders(): { root: string; at: (name: string) => string } {
  const root = realpathSync(testFolder());
  const at = (name: string): string => join(root, name);
  mkdirSync(at('a'));
  mkdirSync(at('b'));
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  return { root, at };
}

async function pathOf(name: string): Promise<string> {
  return (await SqliteLocation.find(name)).path;
}

test('all files are next to the database, whichever link leads there', async () => {
  const { at } = folders();
  symlinkSync('../a/real.db', at('b/link.db'));
  symlinkSync('link.db', at('b/link-to-link.db'));
  symlinkSync('a', at('folder'));
  for (const isThere of [false, true]) {
    if (isThere) writeFileSync(at('a/real.db'), '');
    for (const name of ['b/link.db', 'b/link-to-link.db', 'folder/real.db', 'a/../a/real.db']) {
      const location = await SqliteLocation.find(at(name));
      expect({ name, path: location.path }).toEqual({ name, path: at('a/real.db') });
      const { writeAheadLog, sharedMemory, processLock, control, key, restoring } = location;
      const beside = [
        writeAheadLog,
        sharedMemory,
        processLock,
        control,
        key,
        restoring,
        location.replacedAt(7),
      ];
      const suffixes = ['-wal', '-shm', '.lock', '.control', '.key', '.restoring', '.before-restore-7'];
      expect(beside).toEqual(suffixes.map((suffix) => `${at('a/real.db')}${suffix}`));
    }
  }
});

test('the path after a link to a folder is resolved as the system does', async () => {
  const { root, at } = folders();
  mkdirSync(at('b/deep'));
  symlinkSync('b/deep', at('a/folder'));
  symlinkSync(at('b/deep'), at('deep'));
  symlinkSync('deep/../new.db', at('link.db'));
  expect(await pathOf(at('link.db'))).toBe(at('b/new.db'));
  expect(await pathOf(`${root}/deep/../new.db`)).toBe(at('b/new.db'));
});

test('a change of the working directory has no effect later', async () => {
  const { at } = folders();
  process.chdir(at('a'));
  const location = await SqliteLocation.find('octostore.db');
  process.chdir(at('b'));
  const journal = await openJournal(location, new SystemClock());
  onTestFinished(() => journal.close());
  expect(location.path).toBe(at('a/octostore.db'));
  expect(await pathOf('octostore.db')).toBe(at('b/octostore.db'));
});

test('a change of a link while the database is open has no effect on its user', async () => {
  const { at } = folders();
  symlinkSync('a/octostore.db', at('link.db'));
  const location = await SqliteLocation.find(at('link.db'));
  const journal = await openJournal(location, new SystemClock());
  onTestFinished(() => journal.close());
  symlinkSync('b/octostore.db', at('new'));
  renameSync(at('new'), at('link.db'));
  expect(location.processLock).toBe(at('a/octostore.db.lock'));
  await expect(openJournalAt(at('a/octostore.db'))).rejects.toThrow(DatabaseInUseError);
  const other = await openJournalAt(at('link.db'));
  onTestFinished(() => other.close());
  expect((await other.lead()).epoch).toBe(1);
  rmSync(at('link.db'));
});

test.each([
  ['circle', /broken symbolic link/],
  ['away', /broken symbolic link/],
  ['none/octostore.db', /There is no folder .*none for /],
])('%s is refused with its reason', async (name, reason) => {
  const { at } = folders();
  symlinkSync('circle', at('circle'));
  symlinkSync('none/octostore.db', at('away'));
  const refusal = await SqliteLocation.find(at(name)).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(UnusableFileError);
  expect(String(refusal)).toMatch(reason);
});
