import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExecutable, requireInstalled, sqliteAddonInExecutable } from './own-files.js';

/** The compiled part of SQLite's driver could not be loaded. */
export class UnusableAddonError extends Error {
  override readonly name = 'UnusableAddonError';
}

/**
 * The compiled part of SQLite's driver, for a bundle: what the module `sqlite3-binding.js` of the driver exports. Throws
 * `UnusableAddonError`.
 */
export function loadSqliteAddon(): unknown {
  return isExecutable
    ? loadFromTemporaryFile(sqliteAddonInExecutable())
    : requireInstalled('sqlite3/lib/sqlite3-binding.js');
}

/**
 * The system loads libraries only from files. This one exists for an instant, in a new folder that only this user can enter:
 * nothing stays behind, and no other user can put another file there.
 */
function loadFromTemporaryFile(addon: Buffer): unknown {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'octostore-'));
    try {
      const file = join(folder, 'node_sqlite3.node');
      writeFileSync(file, addon, { mode: 0o700, flag: 'wx' });
      const module = { exports: {} };
      process.dlopen(module, file, constants.dlopen.RTLD_LAZY);
      return module.exports;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch (cause) {
    throw new UnusableAddonError(
      `OctoStore cannot load SQLite from a file in ${tmpdir()} (${reasonOf(cause)}). ` +
        'Set TMPDIR to a folder that this user can write to, on a file system that is not mounted with "noexec".',
      { cause },
    );
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
