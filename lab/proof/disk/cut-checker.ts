import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect, withDatabaseFile } from '../../../src/journal/sqlite/database-file.js';
import { Random } from '../../kit/random.js';
import { DiskImage } from './disk-image.js';
import { readDiskLog, type LogEntry } from './disk-log.js';
import type { CutReport, CutTask, PowerCut } from './power-cut.js';
import { Promises } from './promises.js';
import { closeStore, openStore } from './proof-store.js';
import { DATABASE_NAME } from './shim.js';

/** Cuts the power of a recorded run again and again, starts the store on what is left, and reports what it finds. */
process.once('message', (task: CutTask) => void checkAll(task));

async function checkAll({ log, cuts, folder }: CutTask): Promise<void> {
  const entries = readDiskLog(log);
  const disk = new DiskImage();
  const promises = new Promises();
  let position = 0;
  for (const cut of cuts) {
    for (; position < cut.position; position += 1) advance(entries[position], disk, promises);
    const report = await check(cut, disk, promises, folder);
    process.send?.(report);
  }
  process.disconnect();
}

function advance(entry: LogEntry | undefined, disk: DiskImage, promises: Promises): void {
  if (entry === undefined) return;
  if (entry.kind === 'note') promises.add(entry.note);
  else disk.apply(entry);
}

async function check(cut: PowerCut, disk: DiskImage, promises: Promises, folder: string): Promise<CutReport> {
  const place = await mkdtemp(join(folder, 'cut-'));
  const path = join(place, DATABASE_NAME);
  const files = disk.afterPowerCut(new Random(cut.seed), cut.survival);
  for (const [suffix, bytes] of files) writeFileSync(`${path}${suffix}`, bytes);
  try {
    return { cut, acknowledged: promises.acknowledged, ...(await verdictOn(path, promises)) };
  } finally {
    await rm(place, { recursive: true });
  }
}

async function verdictOn(path: string, promises: Promises): Promise<Pick<CutReport, 'broken' | 'damage'>> {
  let broken: string[];
  try {
    const store = await openStore(path);
    try {
      broken = await promises.problemsOf(store);
      // Beside the running store, so that it is the store that recovers the file and not this check.
      await withDatabaseFile(path, (database) => inspect(database, path));
    } finally {
      await closeStore(store);
    }
  } catch (error) {
    return { broken: [], damage: String(error) };
  }
  return { broken, damage: null };
}
