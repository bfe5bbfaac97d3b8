import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import ipaddr from 'ipaddr.js';

const TYPES = new Map([
  [1, 'A'],
  [28, 'AAAA'],
] as const);

/** A DNS record type: `A` for IPv4 addresses, `AAAA` for IPv6. */
export type RecordType = 'A' | 'AAAA';

/** Returns the addresses of a name. `lookup` counts the lookups of that name and type, from 1, so that answers can change. */
export type Zone = (name: string, type: RecordType, lookup: number) => readonly string[];

const HEADER_BYTES = 12;

/** A DNS server on loopback. Its zone decides every answer. */
export class NameServer {
  readonly #socket: Socket = createSocket('udp4');
  readonly #zone: Zone;
  readonly #lookups = new Map<string, number>();

  private constructor(zone: Zone) {
    this.#zone = zone;
    this.#socket.on('message', (query, { port, address }) => {
      this.#socket.send(this.#answer(query), port, address);
    });
  }

  static async start(zone: Zone): Promise<NameServer> {
    const server = new NameServer(zone);
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  /** In the form that resolvers take: `127.0.0.1:port`. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** The number of lookups of a name so far. */
  lookups(name: string, type: RecordType): number {
    return this.#lookups.get(`${type} ${name}`) ?? 0;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(query: Buffer): Buffer {
    const end = query.indexOf(0, HEADER_BYTES) + 5;
    const question = query.subarray(HEADER_BYTES, end);
    const type = TYPES.get(query.readUInt16BE(end - 4) as 1 | 28);
    const records =
      type === undefined ? [] : this.#addresses(nameIn(question), type).map((text) => record(question, text));
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    return Buffer.concat([header, question, ...records]);
  }

  #addresses(name: string, type: RecordType): readonly string[] {
    const lookup = this.lookups(name, type) + 1;
    this.#lookups.set(`${type} ${name}`, lookup);
    return this.#zone(name, type, lookup);
  }
}

/** The name in a question, in lower case and without a trailing dot. */
function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; question[at] !== 0; at += (question[at] ?? 0) + 1) {
    labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)));
  }
  return labels.join('.').toLowerCase();
}

function record(question: Buffer, address: string): Buffer {
  const data = Buffer.from(ipaddr.parse(address).toByteArray());
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // A pointer to the name in the question.
  question.copy(head, 2, question.length - 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
