import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { makeCertificate, type TestCertificate } from '../../lab/kit/doubles/certificate.js';

/** One request that a receiver got. */
export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers. */
export type Answer = (response: ServerResponse, message: ReceivedMessage) => void;

let shared: TestCertificate | null = null;

/** One certificate for all tests that need no particular one, since it takes a while to make. */
export function sharedCertificate(): TestCertificate {
  shared ??= makeCertificate();
  return shared;
}

/** An HTTPS server on loopback that receives webhooks. It answers 200 unless a test says otherwise. */
export class WebhookReceiver {
  readonly received: ReceivedMessage[] = [];
  /** All TCP connections that were ever made to it. */
  connections = 0;
  /** Requests that are being answered. */
  open = 0;
  answer: Answer = succeed;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  private constructor({ key, cert }: TestCertificate) {
    this.#server = createServer({ key, cert }, (request, response) => {
      const chunks: Buffer[] = [];
      this.open += 1;
      response.once('close', () => (this.open -= 1));
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        this.#take({ path: url, headers, body: Buffer.concat(chunks).toString() }, response);
      });
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts a receiver that is closed after the test. */
  static async start(certificate = sharedCertificate()): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(certificate);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => receiver.close());
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(host = '127.0.0.1'): string {
    return `https://${host}:${this.port}/hooks/octostore?key=1`;
  }

  /** Resolves when this many requests have arrived. */
  async receives(count: number): Promise<ReceivedMessage[]> {
    if (this.received.length < count) {
      await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }));
    }
    return this.received;
  }

  /** The sequences of the events that were received, in the order of arrival. */
  get sequences(): number[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence);
  }

  /** Closes every connection. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.disconnect();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take(message: ReceivedMessage, response: ServerResponse): void {
    this.received.push(message);
    this.answer(response, message);
    const due = this.#waiting.filter(({ count }) => count <= this.received.length);
    this.#waiting = this.#waiting.filter((waiting) => !due.includes(waiting));
    for (const { resolve } of due) resolve();
  }
}

export function succeed(response: ServerResponse): void {
  response.writeHead(204).end();
}

/** Answers with a status. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(code, headers).end();
}

/** Never answers. */
export function hang(): void {
  // The connection stays open.
}
