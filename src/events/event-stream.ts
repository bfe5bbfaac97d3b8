import type { ServerResponse } from 'node:http';
import type { BufferedStream, StreamAccount } from './stream-buffers.js';

/**
 * Bytes that a client may have left unread when more is sent; beyond that its stream is ended. It loses nothing: it resumes
 * where it was.
 */
const UNREAD_BYTES_MAX = 1024 * 1024;

/** What Node needs to keep a piece of text that waits, beside the text. */
const BYTES_PER_WAITING_FRAME = 512;

interface Options {
  /** Has what waits for the client counted. */
  readonly openAccount: (stream: BufferedStream) => StreamAccount;
  /** Whether the client is told at once that the stream is open, or together with the first frame. */
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
  /** Where the client may resume after this frame; null if it must not, because more belongs to it. */
  readonly id: number | null;
  readonly data: unknown;
}

/** A frame as it is sent. */
export function frameText({ event, id, data }: Frame): string {
  return frameOf(event, id, JSON.stringify(data));
}

/** The same for data that is JSON already. */
export function frameOf(event: string, id: number | null, json: string): string {
  const position = id === null ? '' : `id: ${id}\n`;
  return `event: ${event}\n${position}data: ${json}\n\n`;
}

/** One open stream of Server-Sent Events. */
export class EventStream implements BufferedStream {
  readonly #response: ServerResponse;
  readonly #account: StreamAccount;
  /** Frames that were written and not yet taken over by the operating system. */
  #waitingFrames = 0;
  #waitingBytes = 0;
  /** One for all frames, so that a frame needs none of its own. */
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
      // Reverse proxies would otherwise hold frames back until they have a page full of them.
      'X-Accel-Buffering': 'no',
    });
    if (headAtOnce) response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Whether the client has yet to take what was sent. */
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

  /** Sends a frame that is text already. One buffer may be sent to many streams: it is not copied. */
  sendText(text: string | Buffer): void {
    this.#write(text);
  }

  /**
   * A line that clients ignore. It shows those that have nothing else to read, and us, that the connection is alive. No blank
   * line follows: some clients would take it for the end of an empty message.
   */
  comment(text: string): void {
    if (!this.isBehind) this.#write(`:${text}\n`);
  }

  /**
   * Hands everything that `send` writes to the operating system in one go, and before it returns. Node would otherwise do so when
   * the present slice of work is over, which would then last much longer than it seems.
   */
  atOnce(send: () => void): void {
    const { socket } = this.#response;
    socket?.cork();
    send();
    socket?.uncork();
  }

  /** Resolves when the client has taken what was sent, or has gone. */
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

  /** A client that has closed its side is sent what it was sent before, and nothing more gets through to it. */
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
