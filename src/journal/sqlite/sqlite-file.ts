import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import type { DatabaseFile, FileSummary, Restored } from '../database-file.js';
import { backUpDatabase } from './backup.js';
import { checkDatabase } from './database-file.js';
import { ProcessLock } from './process-lock.js';
import { restoreDatabase } from './restore.js';
import { checkRoom } from './room-for-backup.js';

/** A SQLite database file. */
export class SqliteFile implements DatabaseFile {
  readonly #location: SqliteLocation;

  constructor(location: SqliteLocation) {
    this.#location = location;
  }

  exists(): boolean {
    return (statSync(this.#location.path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  }

  /** A server creates its process lock before its database. */
  isBegun(): boolean {
    return existsSync(this.#location.processLock);
  }

  check(): Promise<void> {
    return checkDatabase(this.#location);
  }

  checkIsFree(): Promise<void> {
    return ProcessLock.probe(this.#location);
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#location.folder);
    return bavail * bsize;
  }

  checkRoomFor(folder: string, minFreeMb: number): Promise<void> {
    return checkRoom(this.#location, folder, minFreeMb);
  }

  backUp(target: string, signal?: AbortSignal): Promise<FileSummary> {
    return backUpDatabase(this.#location, target, signal);
  }

  restore(backupPath: string, nowMs: number): Promise<Restored> {
    return restoreDatabase(backupPath, this.#location, nowMs);
  }
}
