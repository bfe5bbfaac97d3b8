import { constants as files, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';

const SHELLS = new Set(['ash', 'bash', 'busybox', 'dash', 'fish', 'ksh', 'mksh', 'sh', 'zsh']);

/**
 * Whether this process was started with SIGHUP ignored, as `nohup` does, so that it keeps running when its terminal is
 * closed.
 *
 * Node resets this before it runs anything, and keeps no trace of it. So this looks for other traces of `nohup` and of shells
 * that ignore SIGHUP. Call it at startup: the shell may be gone later.
 */
export function isHangupIgnored(): boolean {
  return wasStartedByNohup() || isInputFromNohup() || isIgnoredByShell();
}

/** Shells put the path of the command they start into the environment. It stays there when `nohup` executes another program. */
function wasStartedByNohup(): boolean {
  return basename(process.env['_'] ?? '') === 'nohup';
}

/** `nohup` replaces a terminal with a file that can only be written to. */
function isInputFromNohup(): boolean {
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(read('/proc/self/fdinfo/0'))?.[1] ?? '0', 8);
  return (
    (flags & (files.O_WRONLY | files.O_RDWR)) === files.O_WRONLY && linkOf('/proc/self/fd/0') === '/dev/null'
  );
}

/** A process also ignores the signals that its parent shell ignores. */
function isIgnoredByShell(): boolean {
  const parent = `/proc/${process.ppid}`;
  if (!SHELLS.has(read(`${parent}/comm`).trim())) return false;
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(`${parent}/status`))?.[1] ?? '0';
  return ((BigInt(`0x${ignored}`) >> BigInt(constants.signals.SIGHUP - 1)) & 1n) === 1n;
}

/** Returns an empty string if there is no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
