import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate, type TestCertificate } from '../../kit/doubles/certificate.js';
import type { Random } from '../../kit/random.js';
import type { Misbehaviour } from './misbehaviour.js';
import { Receiver, type HelperServers } from './receiver.js';

/** All receivers of a trial, and the servers that misbehaving ones need. */
export class Receivers {
  readonly all: Receiver[] = [];
  /** The certificate authorities that the server must trust. */
  readonly caFile: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'octostore-receivers-'));
  readonly #certificate: TestCertificate;
  readonly #helpers: HelperServers;
  readonly #trap: Server;
  /** The number of connections to the target of redirects. */
  trapConnections = 0;

  private constructor(trap: Server) {
    const [own, wrongHost, untrusted] = [
      makeCertificate(),
      makeCertificate('DNS:wrongHost.test'),
      makeCertificate(),
    ];
    this.caFile = join(this.#folder, 'authorities.pem');
    writeFileSync(this.caFile, Buffer.concat([own.cert, wrongHost.cert]));
    this.#certificate = own;
    this.#trap = trap.on('connection', (socket) => {
      this.trapConnections += 1;
      socket.destroy();
    });
    this.#helpers = {
      untrusted: createHttpsServer(untrusted).on('tlsClientError', () => undefined),
      wrongHost: createHttpsServer(wrongHost).on('tlsClientError', () => undefined),
      trapUrl: `https://127.0.0.1:${(trap.address() as AddressInfo).port}/`,
    };
  }

  static async open(): Promise<Receivers> {
    const trap = createServer();
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    return new Receivers(trap);
  }

  get bad(): Receiver[] {
    return this.all.filter(({ isGood }) => !isGood);
  }

  get good(): Receiver[] {
    return this.all.filter(({ isGood }) => isGood);
  }

  /** Grows with every message and misbehaviour. Shows whether anything still happens. */
  get activity(): number {
    return this.all.reduce((sum, { inbox, misbehaved }) => sum + inbox.count + misbehaved, 0);
  }

  async addGood(): Promise<Receiver> {
    const receiver = await Receiver.start(this.#certificate);
    this.all.push(receiver);
    return receiver;
  }

  /** @param times how many times it misbehaves. `Infinity` for always. */
  async addBad(misbehaviour: Misbehaviour, times: number, random: Random): Promise<Receiver> {
    const behaviour = { misbehaviour, times, random, helpers: this.#helpers };
    const receiver = await Receiver.start(this.#certificate, behaviour);
    this.all.push(receiver);
    return receiver;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((receiver) => receiver.stop()));
    await new Promise<void>((resolve) => this.#trap.close(() => resolve()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
