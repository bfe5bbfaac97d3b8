import type { Random } from '../../kit/random.js';

/** What a disk writes in one piece. */
const SECTOR_BYTES = 512;

export type FileChange =
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly size: number };

/** How much of what was not synced a power cut leaves. */
export interface Survival {
  /** Probability that a change is kept whole. */
  readonly kept: number;
  /** Probability that one which is not kept is torn, each of its sectors being there or not, instead of gone. */
  readonly torn: number;
}

/** Bytes of a file that can grow and shrink. */
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

/** A file on a disk with a cache: what was synced is safe, what was not may be lost in part. */
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
   * A sync that failed. The system takes what it could not write for written: programs go on reading it, and no later sync
   * writes it, unless it is written anew.
   */
  syncFailed(): void {
    this.#pending = this.#pending.filter(({ kind }) => kind !== 'write');
  }

  get isSynced(): boolean {
    return this.#pending.length === 0;
  }

  /** What may be found after a power cut now. */
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
  // A file system may have made the file longer without having written what belongs there.
  if (content.bytes.length < end && random.chance(0.3)) content.resize(end);
  if (!random.chance(survival.torn)) return;
  for (let from = offset; from < end;) {
    const to = Math.min(end, from - (from % SECTOR_BYTES) + SECTOR_BYTES);
    if (random.chance(0.5)) content.write(from, data.subarray(from - offset, to - offset));
    from = to;
  }
}
