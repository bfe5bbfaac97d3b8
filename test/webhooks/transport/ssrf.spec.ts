import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import type { LookupAddress } from 'node:dns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { SecretBox } from '../../../src/secrets/secret-box.js';
import { CallTimes } from '../../../src/webhooks/transport/call-times.js';
import { AddressRefusedError, guardedLookup } from '../../../src/webhooks/transport/guarded-lookup.js';
import { HostResolver, hostsFileAddresses } from '../../../src/webhooks/transport/host-resolver.js';
import { isPublicAddress } from '../../../src/webhooks/transport/public-address.js';
import { ReachableNetworks } from '../../../src/webhooks/transport/reachable-networks.js';
import { PassingOn } from '../../../src/tracing/passing-on.js';
import { WebhookSender } from '../../../src/webhooks/transport/webhook-sender.js';
import { ManualClock } from '../../support/manual-clock.js';
import { sharedCertificate, WebhookReceiver } from '../../support/webhook-receiver.js';
import { FORBIDDEN_ADDRESSES, FORBIDDEN_URLS } from '../../../lab/kit/bad-input/forbidden.js';
import { WebhookRig } from '../webhook-rig.js';

/** Answers as a name server under an attacker’s control might: differently each time. */
class Answers extends HostResolver {
  asked = 0;

  constructor(private readonly answers: readonly (readonly string[])[]) {
    super();
  }

  override async addressesOf(): Promise<string[]> {
    const answer = this.answers[Math.min(this.asked, this.answers.length - 1)] ?? [];
    this.asked += 1;
    return [...answer];
  }
}

/** What the current test started, however indirectly. Clients of earlier spec files may still be connecting in this process. */
const startedHere = new AsyncLocalStorage<object>();

/** Counts all TCP connections that the rest of the test starts, whatever starts them. */
function countConnects(): { count: number } {
  const connects = { count: 0 };
  startedHere.enterWith(connects);
  const hook = createHook({
    init: (_, type) => {
      if (type === 'TCPCONNECTWRAP' && startedHere.getStore() === connects) connects.count += 1;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return connects;
}

function sender(resolver: HostResolver, allowPrivate = false): WebhookSender {
  const config = loadConfig({
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: allowPrivate ? 'true,127.0.0.0/8' : 'false',
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
  });
  const box = new SecretBox('a key');
  return new WebhookSender(new ManualClock(), box, new CallTimes(), resolver, new PassingOn(), config);
}

/** Tries to send something. Returns the code of the failure; null if it was sent. */
async function attack(url: string, resolver: HostResolver = new Answers([[]])): Promise<string | null> {
  const connection = sender(resolver).connectionTo(url);
  if (connection === null) return 'url_refused';
  const outcome = await connection.post(
    { headers: {}, body: Buffer.from('{}') },
    new AbortController().signal,
  );
  connection.close();
  return outcome?.error ?? null;
}

test('the corpus is large', () => {
  expect(new Set(FORBIDDEN_URLS).size).toBe(FORBIDDEN_URLS.length);
  expect(FORBIDDEN_URLS.length).toBeGreaterThanOrEqual(80);
});

describe('no connection is made', () => {
  test.each(FORBIDDEN_URLS)('by the URL %j', async (url) => {
    const connects = countConnects();
    expect(await attack(url)).toBe('url_refused');
    expect(connects.count).toBe(0);
  });

  test.each(FORBIDDEN_ADDRESSES)('by a name that resolves to %s', async (address) => {
    const connects = countConnects();
    expect(await attack('https://evil.example/', new Answers([[address]]))).toBe('address_refused');
    expect(connects.count).toBe(0);
  });

  test.each([
    ['first', ['127.0.0.1', '8.8.8.8']],
    ['last', ['8.8.8.8', '2606:4700:4700::1111', '::1']],
  ])('by a name with a private address %s among public ones', async (_, addresses) => {
    const connects = countConnects();
    expect(await attack('https://evil.example/', new Answers([addresses]))).toBe('address_refused');
    expect(connects.count).toBe(0);
  });

  test('by a name that does not resolve', async () => {
    const connects = countConnects();
    expect(await attack('https://nowhere.example/', new Answers([[]]))).toBe('host_not_found');
    expect(connects.count).toBe(0);
  });

  test('by a webhook whose name changes to a private address, however often it is tried', async () => {
    const connects = countConnects();
    const resolver = new Answers([['127.0.0.1']]);
    const rig = await WebhookRig.open({ allowPrivate: false, resolver });
    const { id } = await rig.create('https://evil.example/');
    await rig.events(1);
    await rig.retry(id, 1, 1, 5_000);
    await rig.retry(id, 1, 2, 0);
    const [row] = await rig.rows(id);
    expect(JSON.parse(row?.attempts ?? '')).toMatchObject([
      { status: null, error: 'address_refused' },
      { status: null, error: 'address_refused' },
    ]);
    expect(resolver.asked).toBe(2);
    expect(connects.count).toBe(0);
  });

  test('or else it is counted, also when a webhook starts it', async () => {
    const connects = countConnects();
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open({ allowPrivate: true, resolver: new Answers([['127.0.0.1']]) });
    await rig.create(receiver.url('receiver.test'));
    await rig.events(1);
    await receiver.receives(1);
    expect(connects.count).toBe(1);
  });

  test('by a webhook that was created when private networks were allowed', async () => {
    expect(sender(new Answers([]), true).connectionTo('https://10.0.0.1/')).not.toBeNull();
    expect(sender(new Answers([])).connectionTo('https://10.0.0.1/')).toBeNull();
  });
});

describe('a name whose address changes between two look-ups', () => {
  test('is checked each time, in the look-up of the connection itself', async () => {
    const lookup = guardedLookup(new Answers([['8.8.8.8'], ['127.0.0.1']]), new ReachableNetworks([]));
    const look = (): Promise<string | LookupAddress[]> =>
      new Promise((resolve, reject) => {
        lookup('evil.example', { all: true }, (error, addresses) => {
          if (error === null) resolve(addresses);
          else reject(error);
        });
      });
    expect(await look()).toEqual([{ address: '8.8.8.8', family: 4 }]);
    await expect(look()).rejects.toBeInstanceOf(AddressRefusedError);
  });

  test('does not help an attacker: a connection looks up once and goes to the address it got', async () => {
    const connects = countConnects();
    const receiver = await WebhookReceiver.start();
    const resolver = new Answers([['127.0.0.1'], ['127.0.0.2']]);
    const line = sender(resolver, true).connectionTo(receiver.url('receiver.test'));
    const outcome = await line?.post({ headers: {}, body: Buffer.from('{}') }, new AbortController().signal);
    line?.close();
    expect(outcome).toMatchObject({ status: 204, error: null });
    expect([resolver.asked, connects.count, receiver.connections]).toEqual([1, 1, 1]);
  });
});

describe('public addresses', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '100.63.255.255',
    '223.255.255.254',
    '2606:4700:4700::1111',
    '2a00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ])('include %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(['https://8.8.8.8/', 'https://[2606:4700:4700::1111]:8443/x', 'HTTPS://EXAMPLE.COM/?a=b#c'])(
    '%s may be called',
    (url) => {
      expect(sender(new Answers([])).connectionTo(url)).not.toBeNull();
    },
  );
});

describe('the hosts file', () => {
  const TEXT = [
    '127.0.0.1\tlocalhost',
    '# 10.0.0.9 receiver',
    '  ::1 receiver.internal # the same',
    '10.0.0.7 other Receiver.Internal receiver',
    '',
    '10.0.0.8',
  ].join('\n');

  test.each([
    ['localhost', ['127.0.0.1']],
    ['RECEIVER.internal', ['10.0.0.7', '::1']],
    ['receiver', ['10.0.0.7']],
    ['nobody', []],
    ['10.0.0.8', []],
  ])('gives the addresses of %s', (hostname, addresses) => {
    expect(hostsFileAddresses(TEXT, hostname)).toEqual(addresses);
  });
});
