/** One or more lines, as bytes. */
export interface Batch {
  readonly bytes: Buffer;
  /** How many bytes at the beginning only end the line of an earlier batch. */
  readonly lead: number;
  /** How many of the bytes have been written. */
  written: number;
}

/** In characters. About what fits into a pipe. */
const BATCH_LENGTH = 64 * 1024;

/** Lines waiting to be written, up to a limit. */
export class LineQueue {
  #lines: string[] = [];
  #first = 0;
  #length = 0;
  /** In characters. In a log, nearly all of them are one byte. */
  lengthMax: number;

  constructor(lengthMax: number) {
    this.lengthMax = lengthMax;
  }

  get isEmpty(): boolean {
    return this.#first === this.#lines.length;
  }

  /** Returns false if there is no room. */
  add(line: string): boolean {
    if (this.#length + line.length > this.lengthMax) return false;
    this.#lines.push(line);
    this.#length += line.length;
    return true;
  }

  /** Takes out the oldest lines, enough for one write. Null if there are none. */
  take(): Batch | null {
    if (this.isEmpty) return null;
    const begin = this.#first;
    let length = 0;
    while (length < BATCH_LENGTH && !this.isEmpty) length += this.#lines[this.#first++]?.length ?? 0;
    const bytes = Buffer.from(this.#lines.slice(begin, this.#first).join(''));
    this.#length -= length;
    if (this.isEmpty) this.#clear();
    return { bytes, lead: 0, written: 0 };
  }

  #clear(): void {
    this.#lines = [];
    this.#first = 0;
  }
}

const NEWLINE = 0x0a;

/** How many lines of a batch were not completely written. */
export function unfinishedLines({ bytes, lead, written }: Batch): number {
  let count = 0;
  for (let index = Math.max(lead, written); index < bytes.length; index += 1)
    if (bytes[index] === NEWLINE) count += 1;
  return count;
}

/** The batch with a line end before it, so that it begins on a new line. */
export function onNewLine({ bytes, written }: Batch): Batch {
  return { bytes: Buffer.concat([Buffer.of(NEWLINE), bytes]), lead: 1, written };
}

/** Whether the last written line is incomplete. */
export function isMidLine({ bytes, written }: Batch): boolean {
  return written > 0 && bytes[written - 1] !== NEWLINE;
}
