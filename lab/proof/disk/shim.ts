import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The name that the shim knows the database by, in whatever folder. */
export const DATABASE_NAME = 'proof.db';

const SOURCE = fileURLToPath(new URL('../../../../lab/proof/disk/shim.c', import.meta.url));

/** Compiles the shim into `folder` and returns its path. */
export async function buildShim(folder: string): Promise<string> {
  if (process.platform !== 'linux') throw new Error('The proofs of the disk need Linux (LD_PRELOAD).');
  const target = join(folder, 'shim.so');
  try {
    await promisify(execFile)('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', target, SOURCE, '-ldl']);
  } catch (error) {
    throw new Error('The proofs of the disk need a working gcc to compile lab/proof/disk/shim.c.', {
      cause: error,
    });
  }
  return target;
}

/** The environment of a process that runs on top of the shim. */
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

export type FaultKind = 'error' | 'short' | 'lie' | 'sync';
const FAULTS: Readonly<Record<FaultKind, number>> = { error: 1, short: 2, lie: 3, sync: 4 };

export type FaultError = 'EIO' | 'ENOSPC';
const ERRORS: Readonly<Record<FaultError, number>> = { EIO: 5, ENOSPC: 28 };

export interface Fault {
  /**
   * `error`: the operation fails. `short`: a write is cut in half. `lie`: a write is thrown away and called a success.
   * `sync`: the next sync fails, if the operation is none.
   */
  readonly kind: FaultKind;
  readonly error: FaultError;
  readonly forEver: boolean;
}

export interface Injected {
  readonly operations: number;
  readonly injected: number;
  readonly writesFailed: number;
  readonly syncsFailed: number;
  readonly truncatesFailed: number;
  readonly shortWrites: number;
  readonly lies: number;
}

/** In the order of `struct control` in the shim. */
const NUMBERS = 11;
const BYTES = NUMBERS * 8;

/** Memory that is shared with a shim: it counts the operations on the database files and fails the chosen one. */
export class ShimControl {
  readonly path: string;
  readonly #file: number;

  constructor(path: string, mode: 'create' | 'existing') {
    this.path = path;
    if (mode === 'create') writeFileSync(path, Buffer.alloc(BYTES));
    this.#file = openSync(path, 'r+');
  }

  /** Starts counting at 0; nothing fails. */
  reset(): void {
    writeSync(this.#file, Buffer.alloc(BYTES), 0, BYTES, 0);
  }

  /** Fails the operation with this number, counted from the last reset, and all after it if `forEver`. */
  arm(failAt: number, { kind, error, forEver }: Fault): void {
    const numbers = [failAt, forEver ? 1 : 0, FAULTS[kind], ERRORS[error]].map(BigInt);
    const bytes = Buffer.from(BigInt64Array.from(numbers).buffer);
    // The kind of fault first: the number of the operation is what arms it.
    writeSync(this.#file, bytes, 8, bytes.length - 8, 16);
    writeSync(this.#file, bytes, 0, 8, 8);
  }

  /** From here on nothing fails; what was counted stays. */
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
      lies: number(10),
    };
  }

  close(): void {
    closeSync(this.#file);
  }
}
