import { constants as files, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';

const SHELLS = new Set(['ash', 'bash', 'busybox', 'dash', 'fish', 'ksh', 'mksh', 'sh', 'zsh']);

/**
 * Whether this process was started so as to go on when its terminal is closed, as by `nohup`: with SIGHUP ignored.
 *
 * Node resets that before it runs anything, and keeps no trace of it. So this looks at what else `nohup`, and shells that
 * ignore SIGHUP, leave behind. Ask at the start: a shell may be gone later.
 */
export function isHangupIgnored(): boolean {
  return wasStartedByNohup() || isInputFromNohup() || isIgnoredByShell();
}

/** Shells put the path of the command that they start into the environment, where it stays when `nohup` turns into another. */
function wasStartedByNohup(): boolean {
  return basename(process.env['_'] ?? '') === 'nohup';
}

/** `nohup` replaces a terminal by something that can only be written to. */
function isInputFromNohup(): boolean {
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(read('/proc/self/fdinfo/0'))?.[1] ?? '0', 8);
  return (
    (flags & (files.O_WRONLY | files.O_RDWR)) === files.O_WRONLY && linkOf('/proc/self/fd/0') === '/dev/null'
  );
}

/** What a shell ignores, all that it starts ignore as well. */
function isIgnoredByShell(): boolean {
  const parent = `/proc/${process.ppid}`;
  if (!SHELLS.has(read(`${parent}/comm`).trim())) return false;
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(`${parent}/status`))?.[1] ?? '0';
  return ((BigInt(`0x${ignored}`) >> BigInt(constants.signals.SIGHUP - 1)) & 1n) === 1n;
}

/** Empty where there is no such file. */
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
