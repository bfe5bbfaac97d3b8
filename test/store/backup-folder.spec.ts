import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config.js';
import { BackupFolder } from '../../src/store/backup/backup-folder.js';
import { backupNameAt, isUnfinishedBackup, timeOfBackup } from '../../src/store/backup/backup-name.js';
import { testFolder } from '../support/temp-folder.js';

const NOW_MS = Date.parse('2026-11-29T03:00:00.900Z');
const HOUR_MS = 3_600_000;

test('names contain the time in UTC and sort by it', () => {
  expect(backupNameAt(NOW_MS)).toBe('octostore-20261129T030000Z.db');
  expect(timeOfBackup('octostore-20261129T030000Z.db')).toBe(Math.floor(NOW_MS / 1000) * 1000);
  const names = [0, 9, 24 * 40, 24 * 400].map((hours) => backupNameAt(NOW_MS + hours * HOUR_MS));
  expect(names.toSorted()).toEqual(names);
});

describe('the name of a backup', () => {
  test.each([
    'xoctostore-20261129T030000Z.db',
    'octostore-20261129T030000Z.dbx',
    'octostore-20261129T030000Z_db',
    'octostore-2026112T030000Z.db',
    'octostore-202611299T030000Z.db',
    'octostore-20261129T0300000Z.db',
    'octostore-20260230T030000Z.db',
    'octostore-20261129T250000Z.db',
    'octostore.db',
    '',
  ])('is not %j', (name) => {
    expect(timeOfBackup(name)).toBeNull();
  });

  const name = 'octostore-20261129T030000Z.db';
  test.each(['', '-journal', '-wal', '-shm'])('of an unfinished backup may end with %j', (end) => {
    expect(isUnfinishedBackup(`${name}.unfinished${end}`)).toBe(true);
  });

  test.each([
    name,
    `${name}.unfinished-other`,
    `${name}.unfinished-journal2`,
    `x${name}.unfinished`,
    `${name}-unfinished`,
    'octostore-2026112T030000Z.db.unfinished',
    'octostore-20261129T03000Z.db.unfinished',
    'octostore-20260230T030000Z.db.unfinished',
    'octostore-20261129T030000Z_db.unfinished',
    'notes.unfinished',
  ])('of an unfinished one is not %j', (other) => {
    expect(isUnfinishedBackup(other)).toBe(false);
  });
});

describe('in a folder with files of all kinds', () => {
  const ours = [1, 2, 3, 4].map((hours) => backupNameAt(NOW_MS - hours * HOUR_MS));
  const future = backupNameAt(NOW_MS + HOUR_MS);
  const left = `${backupNameAt(NOW_MS - 5 * HOUR_MS)}.unfinished`;
  const foreign = [
    'octostore.db',
    'octostore-20261129T030000Z.db.gz',
    'octostore-20261399T030000Z.db',
    'octostore-20260230T030000Z.db',
    'my-octostore-20261128T030000Z.db',
    'octostore-2026.db',
    'notes.unfinished',
  ];
  const folder = (): BackupFolder => {
    const path = testFolder();
    for (const name of [...ours, future, left, `${left}-journal`, ...foreign])
      writeFileSync(join(path, name), '');
    mkdirSync(join(path, 'octostore-20200101T000000Z.db'));
    symlinkSync('notes.unfinished', join(path, 'octostore-20200102T000000Z.db'));
    return BackupFolder.open(path);
  };
  const others = [...foreign, 'octostore-20200101T000000Z.db', 'octostore-20200102T000000Z.db', future];

  test('the newest is the newest with our name, but none from the future', async () => {
    expect(await folder().newestMs(NOW_MS)).toBe(timeOfBackup(ours[0] ?? ''));
  });

  test('only old backups with our names are removed', async () => {
    const backups = folder();
    await backups.removeUnfinished();
    for (const [keep, old] of [
      [3, [ours[3]]],
      [1, [ours[2], ours[1]]],
      [1, []],
    ] as const) {
      const names = await backups.oldNames(keep, NOW_MS);
      expect(names).toEqual(old);
      await backups.remove(names);
    }
    expect(readdirSync(backups.path).toSorted()).toEqual([ours[0] ?? '', ...others].toSorted());
  });
});

test('a backup has its path in the folder', () => {
  const folder = BackupFolder.open(testFolder());
  expect(folder.pathAt(NOW_MS)).toBe(join(folder.path, 'octostore-20261129T030000Z.db'));
});

test('an empty folder has no newest backup, and nothing to remove', async () => {
  const folder = BackupFolder.open(testFolder());
  await folder.removeUnfinished();
  expect([await folder.newestMs(NOW_MS), await folder.oldNames(1, NOW_MS)]).toEqual([null, []]);
});

test('a backup from this very moment counts', async () => {
  const folder = BackupFolder.open(testFolder());
  const nowMs = Date.parse('2026-11-29T03:00:00.000Z');
  writeFileSync(folder.pathAt(nowMs), '');
  expect(await folder.newestMs(nowMs)).toBe(nowMs);
  expect(await folder.newestMs(nowMs - 1)).toBeNull();
});

test('someone else may remove an old backup between the look at the folder and the removal', async () => {
  const folder = BackupFolder.open(testFolder());
  for (const hours of [1, 2, 3]) writeFileSync(folder.pathAt(NOW_MS - hours * HOUR_MS), '');
  const old = await folder.oldNames(1, NOW_MS);
  rmSync(join(folder.path, old[0] ?? ''));
  await folder.remove(old);
  expect(readdirSync(folder.path)).toEqual([backupNameAt(NOW_MS - HOUR_MS)]);
});

describe('a folder is refused', () => {
  test.each([
    ['that does not exist', 'none', /BACKUP_DIR: there is no folder .*none/],
    ['that is a file', 'file', /BACKUP_DIR: there is no folder .*file/],
  ])('%s', (_, name, message) => {
    const root = testFolder();
    writeFileSync(join(root, 'file'), '');
    expect(() => BackupFolder.open(join(root, name))).toThrow(ConfigError);
    expect(() => BackupFolder.open(join(root, name))).toThrow(message);
  });

  // On Linux not even root can write to this one.
  test.runIf(process.platform === 'linux')('in which the server cannot write', () => {
    expect(() => BackupFolder.open('/proc/sys')).toThrow(ConfigError);
    expect(() => BackupFolder.open('/proc/sys')).toThrow(
      'BACKUP_DIR: OctoStore cannot read and write the folder /proc/sys. Give its user access.',
    );
  });
});
