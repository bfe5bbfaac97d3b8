import type { ServerResponse } from 'node:http';

/**
 * Bytes that a client may have left unread when more is sent; beyond that its stream is ended. It loses nothing: it resumes
 * where it was.
 */
const UNREAD_BYTES_MAX = 1024 * 1024;

export interface Frame {
  readonly event: string;
  /** Where the client may resume after this frame; null if it must not, because more belongs to it. */
  readonly id: number | null;
  readonly data: unknown;
}

/** One open stream of Server-Sent Events. */
export class EventStream {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Reverse proxies would otherwise hold frames back until they have a page full of them.
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Whether the client has yet to take what was sent. */
  get isBehind(): boolean {
    return this.isOpen && this.#response.writableNeedDrain;
  }

  onClose(listener: () => void): void {
    this.#response.once('close', listener);
  }

  send({ event, id, data }: Frame): void {
    const position = id === null ? '' : `id: ${id}\n`;
    this.#write(`event: ${event}\n${position}data: ${JSON.stringify(data)}\n\n`);
  }

  /** A line that clients ignore. It shows those that have nothing else to read, and us, that the connection is alive. */
  comment(text: string): void {
    if (!this.isBehind) this.#write(`: ${text}\n\n`);
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

  #write(text: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > UNREAD_BYTES_MAX) this.#response.destroy();
    else this.#response.write(text);
  }
}
