import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** A file descriptor that log lines are written to. */
export interface Descriptor {
  readonly fd: number;
  /** Whether a write that would block fails with EAGAIN instead. */
  readonly isNonBlocking: boolean;
  /** Whether it is a regular file. A write to one waits for the disk, but never for a reader. */
  readonly isFile: boolean;
}

/**
 * Prepares standard output or standard error so that writes never wait for a reader, such as one that has stopped reading a
 * pipe, or a terminal that was paused with Ctrl-S. Where that is not possible, and for files, write on another thread.
 */
export function openDescriptor(standard: 1 | 2): Descriptor {
  const stats = fstatSync(standard);
  const canStall = stats.isFIFO() || stats.isSocket() || isatty(standard);
  if (!canStall) return { fd: standard, isNonBlocking: false, isFile: stats.isFile() };
  const reopened = reopen(standard);
  if (reopened !== null) return { fd: reopened, isNonBlocking: true, isFile: false };
  return { fd: standard, isNonBlocking: !isatty(standard) && setNonBlocking(standard), isFile: false };
}

/**
 * Opens it a second time, so that other processes with the same pipe or terminal are not affected. Works only on Linux, and
 * not for sockets.
 */
function reopen(fd: number): number | null {
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return openSync(`/proc/self/fd/${fd}`, flags);
  } catch {
    return null;
  }
}

/** Node does this to pipes and sockets when the stream is first accessed. */
function setNonBlocking(fd: 1 | 2): boolean {
  const stream = fd === 1 ? process.stdout : process.stderr;
  return stream.fd === fd;
}
