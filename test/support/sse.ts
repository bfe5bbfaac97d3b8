import { get, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

export interface SseFrame {
  readonly event: string;
  /** Null for a frame without one. */
  readonly id: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

interface OpenOptions {
  readonly token: string;
  readonly lastEventId?: string | number | null;
}

/** A client of one event stream. It is closed after the test. */
export class SseStream {
  readonly #response: IncomingMessage;
  readonly #frames: SseFrame[] = [];
  readonly comments: string[] = [];
  /** Blank lines that end no frame. Some clients treat them as empty messages. */
  blanks = 0;
  readonly ended: Promise<void>;
  #text = '';
  #fields = new Map<string, string>();
  #hasEnded = false;
  #wake: () => void = () => undefined;

  private constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    response.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      response.once('close', () => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      });
    });
  }

  static async open(url: string, { token, lastEventId = null }: OpenOptions): Promise<SseStream> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId === null ? {} : { 'last-event-id': String(lastEventId) }),
    };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false }, resolve).once('error', reject);
    });
    const stream = new SseStream(response);
    onTestFinished(() => stream.close());
    return stream;
  }

  get status(): number {
    return this.#response.statusCode ?? 0;
  }

  /** Whether the server ended the stream in order. If it was cut off, frames may be missing. */
  get isWhole(): boolean {
    return this.#response.complete;
  }

  header(name: string): string | undefined {
    return this.#response.headers[name]?.toString();
  }

  /** The next frame. Rejects if the stream ends before it has one. */
  async next(): Promise<SseFrame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.#hasEnded) throw new Error('the stream has ended');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async take(count: number): Promise<SseFrame[]> {
    const frames: SseFrame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Frames that have arrived and have not been read. */
  get waiting(): number {
    return this.#frames.length;
  }

  /** Stops reading, as a client does that is too slow. */
  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  close(): void {
    this.#response.destroy();
  }

  #take(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#takeLine(line);
    this.#wake();
  }

  #takeLine(line: string): void {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line === '') this.#endFrame();
    else if (colon === 0) this.comments.push(value);
    else this.#fields.set(line.slice(0, colon), value);
  }

  #endFrame(): void {
    const fields = this.#fields;
    this.#fields = new Map();
    const data = fields.get('data');
    if (data === undefined) {
      this.blanks += 1;
      return;
    }
    this.#frames.push({
      event: fields.get('event') ?? 'message',
      id: fields.has('id') ? Number(fields.get('id')) : null,
      data: JSON.parse(data) as SseFrame['data'],
    });
  }
}
