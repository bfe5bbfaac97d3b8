import type { ServerResponse } from 'node:http';
import type { BufferedStream, StreamAccount } from './stream-buffers.js';

/**
 * How many bytes a client may have left unread when more is sent. Above that, the server ends the stream. The client loses nothing:
 * it can resume where it was.
 */
const UNREAD_BYTES_MAX = 1024 * 1024;

/** The memory that Node uses for each waiting frame, in addition to its text. */
const BYTES_PER_WAITING_FRAME = 512;

interface Options {
  /** Starts counting the bytes that wait for the client. */
  readonly openAccount: (stream: BufferedStream) => StreamAccount;
  /** Whether the headers are sent at once, or together with the first frame. */
  readonly headAtOnce: boolean;
}

const UNCOUNTED: StreamAccount = {
  changed: () => undefined,
  exceeded: () => undefined,
  close: () => undefined,
};

const DEFAULTS: Options = { openAccount: () => UNCOUNTED, headAtOnce: true };

export interface Frame {
  readonly event: string;
  /** Where the client may resume after this frame. Null if it must not resume here, because more frames belong to this one. */
  readonly id: number | null;
  readonly data: unknown;
}

/** The text of a frame, as it is sent. */
export function frameText({ event, id, data }: Frame): string {
  return frameOf(event, id, JSON.stringify(data));
}

/** The same, for data that is already JSON. */
export function frameOf(event: string, id: number | null, json: string): string {
  const position = id === null ? '' : `id: ${id}\n`;
  return `event: ${event}\n${position}data: ${json}\n\n`;
}

/** One open stream of Server-Sent Events. */
export class EventStream implements BufferedStream {
  readonly #response: ServerResponse;
  readonly #account: StreamAccount;
  /** Frames that are written but not yet in the hands of the operating system. */
  #waitingFrames = 0;
  #waitingBytes = 0;
  /** One callback for all frames, which saves creating one for each. */
  readonly #onTaken = (): void => {
    this.#waitingFrames -= 1;
    this.#count();
  };

  constructor(response: ServerResponse, { openAccount, headAtOnce }: Options = DEFAULTS) {
    this.#response = response;
    this.#account = openAccount(this);
    response.once('close', () => this.#onClose());
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Otherwise reverse proxies hold frames back until a buffer is full.
      'X-Accel-Buffering': 'no',
    });
    if (headAtOnce) response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Whether the client has not yet read what was sent. */
  get isBehind(): boolean {
    return this.isOpen && this.#response.writableNeedDrain;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  onClose(listener: () => void): void {
    this.#response.once('close', listener);
  }

  send(frame: Frame): void {
    this.sendText(frameText(frame));
  }

  /** Sends a frame that is already text. You may send one buffer to many streams: it is not copied. */
  sendText(text: string | Buffer): void {
    this.#write(text);
  }

  /**
   * Sends a line that clients ignore. It shows both sides that an idle connection is alive. No blank line follows: some clients
   * would take it for the end of an empty message.
   */
  comment(text: string): void {
    if (!this.isBehind) this.#write(`:${text}\n`);
  }

  /**
   * Passes everything that `send` writes to the operating system in one system call, before this returns. Otherwise Node does that
   * after the current slice of work, which then takes much longer than it measured.
   */
  atOnce(send: () => void): void {
    const { socket } = this.#response;
    socket?.cork();
    send();
    socket?.uncork();
  }

  /** Resolves when the client has read what was sent, or has disconnected. */
  async drained(): Promise<void> {
    if (!this.isBehind) return;
    const response = this.#response;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
  }

  end(): void {
    this.#response.end();
  }

  destroy(): void {
    this.#response.destroy();
    this.#count();
  }

  #write(text: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.#isHalfClosed) {
      this.destroy();
    } else if (this.#response.writableLength > UNREAD_BYTES_MAX) {
      this.#account.exceeded();
      this.destroy();
    } else {
      this.#waitingFrames += 1;
      this.atOnce(() => this.#response.write(text, this.#onTaken));
      this.#count();
    }
  }

  /** Whether the client has closed its side. It then receives only what is already on the way. */
  get #isHalfClosed(): boolean {
    return this.#response.socket?.writable === false;
  }

  #count(): void {
    const bytes = this.#response.destroyed ? 0 : this.#bytesInMemory;
    const change = bytes - this.#waitingBytes;
    this.#waitingBytes = bytes;
    if (change !== 0) this.#account.changed(change);
  }

  get #bytesInMemory(): number {
    return this.#response.writableLength + this.#waitingFrames * BYTES_PER_WAITING_FRAME;
  }

  #onClose(): void {
    this.#waitingFrames = 0;
    this.#count();
    this.#account.close();
  }
}
