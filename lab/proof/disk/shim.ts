import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The file name of the database that the shim watches, in any folder. */
export const DATABASE_NAME = 'proof.db';

const SOURCE = fileURLToPath(new URL('../../../../lab/proof/disk/shim.c', import.meta.url));

/** Compiles the shim into `folder` and returns its path. */
export async function buildShim(folder: string): Promise<string> {
  if (process.platform !== 'linux') throw new Error('The disk proofs need Linux (LD_PRELOAD).');
  const target = join(folder, 'shim.so');
  try {
    await promisify(execFile)('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', target, SOURCE, '-ldl']);
  } catch (error) {
    throw new Error('The disk proofs need gcc to compile lab/proof/disk/shim.c.', {
      cause: error,
    });
  }
  return target;
}

/** The environment variables of a process that runs under the shim. */
export function shimEnvironment(
  shim: string,
  { log, control }: { readonly log?: string; readonly control?: string },
): Record<string, string> {
  return {
    LD_PRELOAD: shim,
    DISK_SHIM_NAME: DATABASE_NAME,
    ...(log === undefined ? {} : { DISK_SHIM_LOG: log }),
    ...(control === undefined ? {} : { DISK_SHIM_CONTROL: control }),
  };
}

export type FaultKind = 'error' | 'short' | 'lost' | 'sync';
const FAULTS: Readonly<Record<FaultKind, number>> = { error: 1, short: 2, lost: 3, sync: 4 };

export type FaultError = 'EIO' | 'ENOSPC';
const ERRORS: Readonly<Record<FaultError, number>> = { EIO: 5, ENOSPC: 28 };

export interface Fault {
  /**
   * `error`: the operation fails. `short`: only half of a write happens. `lost`: a write is discarded but reported as a success.
   * `sync`: the next sync from this operation on fails.
   */
  readonly kind: FaultKind;
  readonly error: FaultError;
  readonly isPersistent: boolean;
}

export interface Injected {
  readonly operations: number;
  readonly injected: number;
  readonly writesFailed: number;
  readonly syncsFailed: number;
  readonly truncatesFailed: number;
  readonly shortWrites: number;
  readonly lostWrites: number;
}

/** The numbers in the shim's `struct control`, in its order. */
const NUMBERS = 11;
const BYTES = NUMBERS * 8;

/** Memory shared with a shim, which counts the operations on the database files and makes the chosen one fail. */
export class ShimControl {
  readonly path: string;
  readonly #file: number;

  constructor(path: string, mode: 'create' | 'existing') {
    this.path = path;
    if (mode === 'create') writeFileSync(path, Buffer.alloc(BYTES));
    this.#file = openSync(path, 'r+');
  }

  /** Restarts the count at 0, with no fault armed. */
  reset(): void {
    writeSync(this.#file, Buffer.alloc(BYTES), 0, BYTES, 0);
  }

  /** Makes the operation with this number fail, counted from the last reset, and all later ones if `isPersistent`. */
  arm(failAt: number, { kind, error, isPersistent }: Fault): void {
    const numbers = [failAt, isPersistent ? 1 : 0, FAULTS[kind], ERRORS[error]].map(BigInt);
    const bytes = Buffer.from(BigInt64Array.from(numbers).buffer);
    // The kind of fault comes first, since the number of the operation arms it.
    writeSync(this.#file, bytes, 8, bytes.length - 8, 16);
    writeSync(this.#file, bytes, 0, 8, 8);
  }

  /** Removes the fault. The counts stay. */
  disarm(): void {
    writeSync(this.#file, Buffer.alloc(8), 0, 8, 8);
  }

  read(): Injected {
    const bytes = Buffer.alloc(BYTES);
    readSync(this.#file, bytes, 0, BYTES, 0);
    const number = (index: number): number => Number(bytes.readBigInt64LE(index * 8));
    return {
      operations: number(0),
      injected: number(5),
      writesFailed: number(6),
      syncsFailed: number(7),
      truncatesFailed: number(8),
      shortWrites: number(9),
      lostWrites: number(10),
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}
