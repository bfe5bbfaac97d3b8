import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.js';

/** The kinds of frames on a link. Those of the standby: */
export const FRAME = {
  /** A request. Its id is new among those that are under way. */
  request: 1,
  /** No one waits for the answer to a request any longer. */
  cancel: 2,
  /** Asks for a `pong`. */
  ping: 3,
  /** From here on those of the leader. The whole answer to a request, as HTTP/1.1 without chunks. */
  answer: 4,
  /** A request has ended without an answer. */
  broken: 5,
  pong: 6,
} as const;

/** A part of what a frame contains. */
export interface Piece {
  readonly data: string | Buffer;
  /** How a text is encoded. */
  readonly encoding: BufferEncoding;
}

interface Frame {
  readonly kind: number;
  readonly id: number;
  readonly length: number;
  readonly pieces: readonly Piece[];
}

/** The length of what follows, in four bytes. It counts the kind, in one byte, the id, in four bytes, and the content. */
const LENGTH_BYTES = 4;
const HEAD_BYTES = 5;

const NOTHING: readonly Piece[] = [];

/** Sends frames: all of one turn of the event loop in one piece, because each piece costs a call of the system. */
export class FrameWriter {
  readonly #socket: Duplex;
  readonly #clock: Clock;
  #frames: Frame[] = [];

  constructor(socket: Duplex, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  send(kind: number, id: number, pieces = NOTHING): void {
    const length = pieces.reduce((sum, piece) => sum + lengthOf(piece), HEAD_BYTES);
    this.#frames.push({ kind, id, length, pieces });
    if (this.#frames.length === 1) this.#clock.defer(() => this.#flush());
  }

  #flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (this.#socket.writable) this.#socket.write(bytesOf(frames));
  }
}

function bytesOf(frames: readonly Frame[]): Buffer {
  const bytes = Buffer.allocUnsafe(frames.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  let at = 0;
  for (const { kind, id, length, pieces } of frames) {
    at = bytes.writeUInt32BE(length, at);
    at = bytes.writeUInt8(kind, at);
    at = bytes.writeUInt32BE(id, at);
    for (const { data, encoding } of pieces)
      at += typeof data === 'string' ? bytes.write(data, at, encoding) : data.copy(bytes, at);
  }
  return bytes;
}

function lengthOf({ data, encoding }: Piece): number {
  return typeof data === 'string' ? Buffer.byteLength(data, encoding) : data.length;
}

/** Called with each frame. The content is only valid until it returns. */
export type OnFrame = (kind: number, id: number, content: Buffer) => void;

/** Finds the frames in what arrives. */
export class FrameReader {
  readonly #lengthMax: number;
  readonly #onFrame: OnFrame;
  #chunks: Buffer[] = [];
  #received = 0;
  /** How many bytes must have been received before it is worth looking at them. */
  #needed = LENGTH_BYTES;

  /** @param lengthMax the most bytes in a frame. */
  constructor(lengthMax: number, onFrame: OnFrame) {
    this.#lengthMax = lengthMax;
    this.#onFrame = onFrame;
  }

  /** Throws if the other side does not send frames. */
  read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#received < this.#needed) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const rest = bytes.subarray(this.#readFrames(bytes));
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#received = rest.length;
    this.#needed = LENGTH_BYTES + (rest.length < LENGTH_BYTES ? 0 : rest.readUInt32BE(0));
  }

  /** Returns where the first frame begins that is not complete. */
  #readFrames(bytes: Buffer): number {
    let start = 0;
    while (bytes.length - start >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(start);
      if (length < HEAD_BYTES || length > this.#lengthMax) throw new RangeError('this is not a frame');
      const head = start + LENGTH_BYTES;
      const end = head + length;
      if (end > bytes.length) break;
      this.#onFrame(
        bytes.readUInt8(head),
        bytes.readUInt32BE(head + 1),
        bytes.subarray(head + HEAD_BYTES, end),
      );
      start = end;
    }
    return start;
  }
}
