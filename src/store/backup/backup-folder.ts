import { accessSync, constants, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../../config/config.js';
import { backupNameAt, isUnfinishedBackup, timeOfBackup } from './backup-name.js';

/** The folder for scheduled backups. Files with other names are never touched. */
export class BackupFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws `ConfigError` if the folder is missing or cannot be written. */
  static open(configured: string): BackupFolder {
    const path = resolve(configured);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw new ConfigError([
        `BACKUP_DIR: there is no folder ${path}. Create it, and make the server's user its owner.`,
      ]);
    }
    try {
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      throw new ConfigError([
        `BACKUP_DIR: OctoStore cannot read and write the folder ${path}. Give its user access.`,
      ]);
    }
    return new BackupFolder(path);
  }

  /** The path of a backup made at this time. */
  pathAt(wallMs: number): string {
    return join(this.path, backupNameAt(wallMs));
  }

  /** When the newest backup was made, or null if there is none. Backups from the future do not count: a clock was wrong. */
  async newestMs(nowMs: number): Promise<number | null> {
    return (await this.#backups(nowMs)).at(-1)?.madeAtMs ?? null;
  }

  /** Removes the unfinished backups that killed processes have left. */
  async removeUnfinished(): Promise<void> {
    for (const name of await this.#files()) if (isUnfinishedBackup(name)) await rm(join(this.path, name));
  }

  /** The names of all but the newest `keep` backups of those made up to `nowMs`. */
  async oldNames(keep: number, nowMs: number): Promise<string[]> {
    return (await this.#backups(nowMs)).slice(0, -keep).map(({ name }) => name);
  }

  /** Removes backups. Someone else may have removed them already. */
  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(this.path, name), { force: true });
  }

  /** Sorted, oldest first. */
  async #backups(nowMs: number): Promise<{ name: string; madeAtMs: number }[]> {
    const backups = (await this.#files()).flatMap((name) => {
      const madeAtMs = timeOfBackup(name);
      return madeAtMs === null || madeAtMs > nowMs ? [] : [{ name, madeAtMs }];
    });
    return backups.toSorted((a, b) => a.madeAtMs - b.madeAtMs);
  }

  async #files(): Promise<string[]> {
    const entries = await readdir(this.path, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }
}
