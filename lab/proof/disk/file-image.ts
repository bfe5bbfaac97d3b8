import type { Random } from '../../kit/random.js';

/** The unit that a disk writes atomically. */
const SECTOR_BYTES = 512;

export type FileChange =
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

/** How much unsynced data survives a power cut. */
export interface Survival {
  /** The probability that a change survives completely. */
  readonly kept: number;
  /** The probability that any other write is torn: each of its sectors survives or not. */
  readonly torn: number;
}

/** The content of a file, which can grow and shrink. */
class Content {
  #bytes: Buffer;
  #size: number;

  constructor(bytes: Buffer, capacity: number) {
    this.#bytes = Buffer.alloc(Math.max(capacity, bytes.length));
    bytes.copy(this.#bytes);
    this.#size = bytes.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  write(offset: number, data: Buffer): void {
    this.resize(Math.max(this.#size, offset + data.length));
    data.copy(this.#bytes, offset);
  }

  resize(size: number): void {
    if (size > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], size * 2);
    else this.#bytes.fill(0, Math.min(size, this.#size), this.#size);
    this.#size = size;
  }
}

/** A file on a disk with a cache. Synced data is safe. Any part of the rest may be lost. */
export class FileImage {
  readonly #durable = new Content(Buffer.alloc(0), 0);
  #pending: FileChange[] = [];

  change(change: FileChange): void {
    this.#pending.push(change);
  }

  sync(): void {
    for (const change of this.#pending) apply(change, this.#durable);
    this.#pending = [];
  }

  /**
   * A sync failed. The kernel now treats the data as written: programs still read it, but no later sync writes it, unless a
   * program writes it again.
   */
  syncFailed(): void {
    this.#pending = this.#pending.filter(({ kind }) => kind !== 'write');
  }

  get isSynced(): boolean {
    return this.#pending.length === 0;
  }

  /** A possible content if the power fails now. */
  afterPowerCut(random: Random, survival: Survival): Buffer {
    if (this.isSynced) return this.#durable.bytes;
    const content = new Content(this.#durable.bytes, this.#extent());
    for (const change of this.#pending) {
      if (random.chance(survival.kept)) apply(change, content);
      else if (change.kind === 'write') damage(change, content, random, survival);
    }
    return content.bytes;
  }

  #extent(): number {
    const ends = this.#pending.map((change) =>
      change.kind === 'write' ? change.offset + change.data.length : change.size,
    );
    return Math.max(0, ...ends);
  }
}

function apply(change: FileChange, content: Content): void {
  if (change.kind === 'write') content.write(change.offset, change.data);
  else content.resize(change.size);
}

function damage(
  { offset, data }: Extract<FileChange, { kind: 'write' }>,
  content: Content,
  random: Random,
  survival: Survival,
): void {
  const end = offset + data.length;
  // A file system may extend a file before it writes the data.
  if (content.bytes.length < end && random.chance(0.3)) content.resize(end);
  if (!random.chance(survival.torn)) return;
  for (let from = offset; from < end;) {
    const to = Math.min(end, from - (from % SECTOR_BYTES) + SECTOR_BYTES);
    if (random.chance(0.5)) content.write(from, data.subarray(from - offset, to - offset));
    from = to;
  }
}
