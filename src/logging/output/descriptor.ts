import { constants, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Where bytes go. */
export interface Descriptor {
  readonly fd: number;
  /** Whether a write that cannot go on fails with EAGAIN instead of keeping the thread waiting. */
  readonly isNonBlocking: boolean;
  /** A write to a regular file waits for its disk only, never for a reader. */
  readonly isFile: boolean;
}

/**
 * Prepares standard output or standard error for writes that never wait for a reader: one that has stopped reading a pipe, or a
 * terminal that was halted with Ctrl-S. Where that cannot be had, and for files, writes belong on another thread.
 */
export function openDescriptor(standard: 1 | 2): Descriptor {
  const stats = fstatSync(standard);
  const canStall = stats.isFIFO() || stats.isSocket() || isatty(standard);
  if (!canStall) return { fd: standard, isNonBlocking: false, isFile: stats.isFile() };
  const reopened = reopen(standard);
  if (reopened !== null) return { fd: reopened, isNonBlocking: true, isFile: false };
  return { fd: standard, isNonBlocking: !isatty(standard) && setNonBlocking(standard), isFile: false };
}

/** Opened anew, so that others with the same pipe or terminal keep their way to write. Linux only, and never for sockets. */
function reopen(fd: number): number | null {
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return openSync(`/proc/self/fd/${fd}`, flags);
  } catch {
    return null;
  }
}

/** Node does this to pipes and sockets when the stream is first asked for. */
function setNonBlocking(fd: 1 | 2): boolean {
  const stream = fd === 1 ? process.stdout : process.stderr;
  return stream.fd === fd;
}
