import { connect, type Socket } from 'node:net';
import { reset } from './reset.js';

export interface RawReply {
  readonly status: number;
  /** By name, in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A TCP connection on which the caller writes HTTP by hand. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #closed: Promise<void>;
  #isClosed = false;
  #received = Buffer.alloc(0);
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    // A reset needs no handling: `close` follows.
    socket.on('error', () => undefined);
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
  }

  /** Opens a connection that the caller must end. */
  static async to(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const connection = new RawConnection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return connection;
  }

  send(bytes: string | Buffer): this {
    this.#socket.write(bytes);
    return this;
  }

  /** The next complete reply. Rejects if the connection ends without one. */
  async reply({ toHead = false }: { toHead?: boolean } = {}): Promise<RawReply> {
    for (;;) {
      const parsed = parseReply(this.#received, toHead);
      if (parsed !== null) {
        this.#received = this.#received.subarray(parsed.length);
        return parsed.reply;
      }
      if (this.#isClosed) throw new Error(`the connection ended after ${this.#received.toString()}`);
      await this.#more();
    }
  }

  /** Resolves when `text` is among the unread bytes. Rejects if the connection ends without it. */
  async received(text: string): Promise<void> {
    while (!this.#received.includes(text)) {
      if (this.#isClosed) throw new Error(`the connection ended after ${this.#received.toString()}`);
      await this.#more();
    }
  }

  /** The bytes that arrived and were not read as a reply. */
  get rest(): string {
    return this.#received.toString();
  }

  /** Resolves when the connection has ended, on either side. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** All complete replies that arrived and were not read yet. */
  replies(): RawReply[] {
    const replies: RawReply[] = [];
    for (;;) {
      const parsed = parseReply(this.#received, false);
      if (parsed === null) return replies;
      this.#received = this.#received.subarray(parsed.length);
      replies.push(parsed.reply);
    }
  }

  /** Closes the sending half. */
  end(): void {
    this.#socket.end();
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** Ends the connection with a reset, as if the client's process were killed with unread data. */
  reset(): void {
    reset(this.#socket);
  }

  /** Stops reading what the server sends. */
  stopReading(): this {
    this.#socket.pause();
    return this;
  }

  resumeReading(): this {
    this.#socket.resume();
    return this;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Sends one request unchanged, on its own connection, and resolves with the reply. */
export async function rawCall(url: string, text: string | Buffer): Promise<RawReply> {
  const connection = await RawConnection.to(url);
  try {
    return await connection.send(text).reply();
  } finally {
    connection.cut();
  }
}

/** The text of a request. If there is a body, its length is added to the headers. */
export function requestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = {
    host: 'octostore.test',
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n');
}

function parseReply(bytes: Buffer, toHead: boolean): { reply: RawReply; length: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const hasNoBody = toHead || status < 200 || status === 204 || status === 304;
  const bodyStart = headEnd + 4;
  const length = bodyStart + (hasNoBody ? 0 : Number(headers.get('content-length') ?? 0));
  if (bytes.length < length) return null;
  return { reply: { status, headers, body: bytes.subarray(bodyStart, length).toString() }, length };
}
