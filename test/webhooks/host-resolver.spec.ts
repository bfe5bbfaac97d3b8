import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SystemHostResolver } from '../../src/webhooks/host-resolver.js';

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** Asks a name server of the test's own. */
class TestResolver extends SystemHostResolver {
  constructor(private readonly port: number) {
    super();
  }

  protected override nameServers(): Resolver {
    const resolver = super.nameServers();
    resolver.setServers([`127.0.0.1:${this.port}`]);
    return resolver;
  }
}

/** A name server that gives every name these addresses. Returns its port. */
async function nameServer(addresses: Readonly<Record<number, Buffer>>): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const end = query.indexOf(0, 12) + 5;
    const data = addresses[query.readUInt16BE(end - 4)];
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(data === undefined ? 0 : 1, 6);
    header.writeUInt32BE(0, 8);
    socket.send(
      Buffer.concat([header, query.subarray(12, end), ...answerTo(query, end, data)]),
      port,
      address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket.address().port;
}

function answerTo(query: Buffer, end: number, data: Buffer | undefined): Buffer[] {
  if (data === undefined) return [];
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0); // The name that was asked for.
  query.copy(record, 2, end - 4, end);
  record.writeUInt16BE(data.length, 10);
  return [record, data];
}

describe('the addresses of a host', () => {
  test('are those that the name server gives, IPv4 first', async () => {
    const port = await nameServer({
      [TYPE_A]: Buffer.from([192, 0, 2, 7]),
      [TYPE_AAAA]: Buffer.from('20010db8000000000000000000000007', 'hex'),
    });
    expect(await new TestResolver(port).addressesOf('receiver.example')).toEqual([
      '192.0.2.7',
      '2001:db8::7',
    ]);
  });

  test('may be of one kind only', async () => {
    const port = await nameServer({ [TYPE_A]: Buffer.from([192, 0, 2, 7]) });
    expect(await new TestResolver(port).addressesOf('receiver.example')).toEqual(['192.0.2.7']);
  });

  test('may not exist', async () => {
    const port = await nameServer({});
    await expect(new TestResolver(port).addressesOf('receiver.example')).rejects.toThrow(/no address/);
  });

  test('are found in the hosts file without asking anybody', async () => {
    expect(await new TestResolver(9).addressesOf('localhost')).toContain('127.0.0.1');
  });
});
