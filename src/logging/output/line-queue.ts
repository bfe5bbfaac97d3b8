/** Several lines as bytes. */
export interface Batch {
  readonly bytes: Buffer;
  /** How many bytes at the beginning only end a line of an earlier batch. */
  readonly lead: number;
  /** How many of the bytes have been written. */
  written: number;
}

/** About what fits into a pipe. */
const BATCH_LENGTH = 64 * 1024;

/** Lines that wait to be written, within a bound. */
export class LineQueue {
  #lines: string[] = [];
  #first = 0;
  #length = 0;
  /** In characters, of which nearly all in a log are one byte. */
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

  /** Takes out the oldest lines, as many as are worth one write; null if there are none. */
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

/** Lines of a batch that did not get out as a whole. */
export function linesLeft({ bytes, lead, written }: Batch): number {
  let count = 0;
  for (let index = Math.max(lead, written); index < bytes.length; index += 1)
    if (bytes[index] === NEWLINE) count += 1;
  return count;
}

/** A batch that begins on a line of its own, whatever comes before it. */
export function onLineOfItsOwn({ bytes, written }: Batch): Batch {
  return { bytes: Buffer.concat([Buffer.of(NEWLINE), bytes]), lead: 1, written };
}

/** Whether only a part of the last line that was begun got out. */
export function isMidLine({ bytes, written }: Batch): boolean {
  return written > 0 && bytes[written - 1] !== NEWLINE;
}
