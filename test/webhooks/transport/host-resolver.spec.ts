import { Resolver } from 'node:dns/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SystemHostResolver } from '../../../src/webhooks/transport/host-resolver.js';
import { NameServer, type RecordType } from '../../../lab/kit/doubles/name-server.js';

/** Asks a name server that the test runs. */
class TestResolver extends SystemHostResolver {
  constructor(private readonly server: string) {
    super();
  }

  protected override nameServers(): Resolver {
    const resolver = super.nameServers();
    resolver.setServers([this.server]);
    return resolver;
  }
}

/** Asks a name server that returns these addresses for every name. */
async function resolverThatKnows(
  addresses: Partial<Record<RecordType, readonly string[]>>,
): Promise<TestResolver> {
  const server = await NameServer.start((_, type) => addresses[type] ?? []);
  onTestFinished(() => server.stop());
  return new TestResolver(server.address);
}

describe('the addresses of a host', () => {
  test('are those that the name server returns, IPv4 first', async () => {
    const resolver = await resolverThatKnows({ A: ['192.0.2.7', '192.0.2.8'], AAAA: ['2001:db8::7'] });
    expect(await resolver.addressesOf('receiver.example')).toEqual(['192.0.2.7', '192.0.2.8', '2001:db8::7']);
  });

  test('may be of one kind only', async () => {
    const resolver = await resolverThatKnows({ A: ['192.0.2.7'] });
    expect(await resolver.addressesOf('receiver.example')).toEqual(['192.0.2.7']);
  });

  test('are an error if the name does not exist', async () => {
    const resolver = await resolverThatKnows({});
    await expect(resolver.addressesOf('receiver.example')).rejects.toThrow(/no address/);
  });

  test('are found in the hosts file without a query', async () => {
    expect(await new TestResolver('127.0.0.1:9').addressesOf('localhost')).toContain('127.0.0.1');
  });
});
