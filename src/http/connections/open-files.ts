import { readFileSync } from 'node:fs';

/** What is assumed where the system does not say. */
const UNKNOWN_LIMIT = 4_096;

/** Files that the server needs besides connections: the database, webhooks, backups, and some to spare. */
const OWN_FILES = { min: 128, share: 0.1 } as const;

/** How many connections this process can have open, given how many files it may open. */
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
