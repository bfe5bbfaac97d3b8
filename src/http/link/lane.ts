import { Duplex } from 'node:stream';
import type { Piece } from './frames.js';

/**
 * What the requests on a link have for a socket. It carries one request at a time, and keeps what is written to it. It closes if the client
 * is gone or the link is.
 */
export class Lane extends Duplex {
  readonly remoteAddress: string | undefined;
  /** The request that is under way. Null if there is none. */
  requestId: number | null = null;
  #written: Piece[] = [];

  constructor(remoteAddress: string | undefined) {
    super({ decodeStrings: false });
    this.remoteAddress = remoteAddress;
    this.on('error', () => undefined);
  }

  /** What has been written since the last call. */
  takeWritten(): readonly Piece[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  override _read(): void {
    // A request arrives as a whole.
  }

  override _write(data: string | Buffer, encoding: BufferEncoding, done: () => void): void {
    if (data.length > 0) this.#written.push({ data, encoding });
    done();
  }
}
