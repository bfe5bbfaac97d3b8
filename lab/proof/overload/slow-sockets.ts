import { connect, type Socket } from 'node:net';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Address } from '../../kit/http/connection.js';
import { TOKEN } from '../../kit/server/built-server.js';
import { Durations } from '../server/durations.js';

const DRIP_MS = 500;
const OPENED_AT_ONCE = 100;

/** Sent byte by byte, so that it never ends. */
const ENDLESS_HEADER = 'x-slow: ' + 'a'.repeat(10_000);
const ENDLESS_BODY = ' '.repeat(10_000);

const HEAD = `POST /locks/slow/acquire HTTP/1.1\r\nhost: octostore\r\nauthorization: Bearer ${TOKEN}\r\n`;

/** What a slow socket sends first, and what it sends byte by byte from then on. */
const KINDS = [
  { begin: '', drip: '' },
  { begin: HEAD, drip: ENDLESS_HEADER },
  { begin: `${HEAD}content-length: 10000\r\n\r\n`, drip: ENDLESS_BODY },
] as const;

/** Many connections that send nothing, or their headers or bodies very slowly, to use up the server's sockets. */
export class SlowSockets {
  readonly lifetimes = new Durations();
  readonly #open = new Set<Socket>();
  #dripped = 0;

  get open(): number {
    return this.#open.size;
  }

  async start(address: Address, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.#connect(address, KINDS[index % KINDS.length] ?? KINDS[0]);
      if (index % OPENED_AT_ONCE === 0) await pause(10);
    }
    void this.#drip();
  }

  /** Resolves when the server has closed all of them, or after `withinMs`. */
  async waitUntilClosed(withinMs: number): Promise<void> {
    const endMs = nowMs() + withinMs;
    while (this.open > 0 && nowMs() < endMs) await pause(DRIP_MS / 5);
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #connect(address: Address, { begin, drip }: (typeof KINDS)[number]): void {
    const socket = connect(address);
    this.#open.add(socket);
    const startedMs = nowMs();
    if (begin !== '') socket.write(begin);
    socket.on('error', () => undefined).resume();
    socket.on('close', () => {
      this.#open.delete(socket);
      this.lifetimes.add(nowMs() - startedMs);
    });
    drips.set(socket, drip);
  }

  async #drip(): Promise<void> {
    for (; this.open > 0; this.#dripped += 1) {
      for (const socket of this.#open) {
        const byte = drips.get(socket)?.[this.#dripped] ?? '';
        if (byte !== '' && socket.writable) socket.write(byte);
      }
      await pause(DRIP_MS);
    }
  }
}

const drips = new WeakMap<Socket, string>();
