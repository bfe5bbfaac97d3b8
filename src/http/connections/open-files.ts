import { readFileSync } from 'node:fs';

/** The limit to assume if the system does not tell. */
const UNKNOWN_LIMIT = 4_096;

/** Files to keep free for the database, webhooks and backups, with some to spare. */
const OWN_FILES = { min: 128, share: 0.1 } as const;

/** How many connections this process can have open, given its limit of open files. */
export function connectionsPossible(openFilesMax = readOpenFilesMax()): number {
  const own = Math.max(OWN_FILES.min, Math.ceil(openFilesMax * OWN_FILES.share));
  return Math.max(1, openFilesMax - own);
}

function readOpenFilesMax(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? UNKNOWN_LIMIT);
  } catch {
    return UNKNOWN_LIMIT;
  }
}
