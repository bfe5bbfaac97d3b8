import { createHook } from 'node:async_hooks';
import type { LookupAddress } from 'node:dns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/config.js';
import { AddressRefusedError, guardedLookup } from '../../src/webhooks/guarded-lookup.js';
import { HostResolver, hostsFileAddresses } from '../../src/webhooks/host-resolver.js';
import { isPublicAddress } from '../../src/webhooks/public-address.js';
import { WebhookSender } from '../../src/webhooks/webhook-sender.js';
import { ManualClock } from '../support/manual-clock.js';
import { sharedCertificate, WebhookReceiver } from '../support/webhook-receiver.js';
import { WebhookRig } from './webhook-rig.js';

/** Answers as a name server under an attacker's control might: with something else each time. */
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

/** Counts the TCP connections that are begun, whoever begins them. */
function countConnects(): { count: number } {
  const connects = { count: 0 };
  const hook = createHook({
    init: (_, type) => {
      if (type === 'TCPCONNECTWRAP') connects.count += 1;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return connects;
}

function sender(resolver: HostResolver, allowPrivate = false): WebhookSender {
  const config = loadConfig({
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: String(allowPrivate),
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
  });
  return new WebhookSender(new ManualClock(), resolver, config);
}

/** Tries to send something. Returns the word for what went wrong; null if nothing did. */
async function attack(url: string, resolver: HostResolver = new Answers([[]])): Promise<string | null> {
  const receiver = sender(resolver).receiverFor(url);
  if (receiver === null) return 'url_refused';
  const outcome = await receiver.post({ headers: {}, body: Buffer.from('{}') }, new AbortController().signal);
  receiver.close();
  return outcome?.error ?? null;
}

const URLS = [
  'http://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'javascript:alert(1)',
  'data:text/plain,x',
  '//example.com/',
  'example.com',
  '',
  'https:',
  'https://',
  'https:example.com',
  'https:/example.com',
  'https:\\\\127.0.0.1\\',
  'https://127.0.0.1\\@example.com/',
  ' https://example.com/',
  'https://exa\tmple.com/',
  'https://example.com/\n',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://:password@example.com/',
  'https://example.com:password@127.0.0.1/',
  'https://example.com@127.0.0.1/',
  'https://example.com:99999/',
  'https://./',
  'https://../',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://localhost../',
  'https://a.localhost/',
  'https://127.0.0.1/',
  'https://127.0.0.1:8443/',
  'https://127.0.0.1./',
  'https://127.0.0.1../',
  'https://127.1/',
  'https://127.0.1/',
  'https://127.255.255.254/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://2130706433/',
  'https://%31%32%37.0.0.1/',
  'https://①②⑦.⓪.⓪.①/',
  'https://127。0。0。1/',
  'https://0/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  'https://10.255.255.255/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://0xa9fea9fe/',
  'https://2852039166/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://192.0.0.192/',
  'https://192.0.2.1/',
  'https://192.88.99.1/',
  'https://198.18.0.1/',
  'https://198.51.100.7/',
  'https://203.0.113.7/',
  'https://224.0.0.1/',
  'https://239.255.255.250/',
  'https://240.0.0.1/',
  'https://255.255.255.255/',
  'https://[::]/',
  'https://[::1]/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::127.0.0.1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[::ffff:0:127.0.0.1]/',
  'https://[64:ff9b::127.0.0.1]/',
  'https://[64:ff9b::a9fe:a9fe]/',
  'https://[64:ff9b:1::1]/',
  'https://[2002:7f00:1::]/',
  'https://[2002:a00:1::1]/',
  'https://[2001::1]/',
  'https://[2001:db8::1]/',
  'https://[100::1]/',
  'https://[3fff::1]/',
  'https://[4000::1]/',
  'https://[5f00::1]/',
  'https://[fc00::1]/',
  'https://[fd12:3456::1]/',
  'https://[fe80::1]/',
  'https://[fe80::1%25eth0]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
];

const ADDRESSES = [
  '127.0.0.1',
  '10.1.2.3',
  '172.20.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.100.100.200',
  '0.0.0.0',
  '::1',
  '::ffff:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::a00:1',
  '2002:c0a8:1::',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'not an address',
  '127.1',
  '0x7f000001',
];

test('the corpus is large', () => {
  expect(new Set(URLS).size).toBe(URLS.length);
  expect(URLS.length).toBeGreaterThanOrEqual(80);
});

describe('nothing is connected to', () => {
  test.each(URLS)('by the URL %j', async (url) => {
    const connects = countConnects();
    expect(await attack(url)).toBe('url_refused');
    expect(connects.count).toBe(0);
  });

  test.each(ADDRESSES)('by a name that means %s', async (address) => {
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

  test('by a name that means nothing', async () => {
    const connects = countConnects();
    expect(await attack('https://nowhere.example/', new Answers([[]]))).toBe('host_not_found');
    expect(connects.count).toBe(0);
  });

  test('by a webhook whose name turns to a private address, however often it is tried', async () => {
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

  test('by a webhook that was created when private networks were allowed', async () => {
    expect(sender(new Answers([]), true).receiverFor('https://10.0.0.1/')).not.toBeNull();
    expect(sender(new Answers([])).receiverFor('https://10.0.0.1/')).toBeNull();
  });
});

describe('a name that is bound anew between two look-ups', () => {
  test('is checked each time, in the look-up that the connection itself does', async () => {
    const lookup = guardedLookup(new Answers([['8.8.8.8'], ['127.0.0.1']]), false);
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

  test('gains nothing: a connection looks up once and goes to what it was told', async () => {
    const connects = countConnects();
    const receiver = await WebhookReceiver.start();
    const resolver = new Answers([['127.0.0.1'], ['127.0.0.2']]);
    const line = sender(resolver, true).receiverFor(receiver.url('receiver.test'));
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
  ])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(['https://8.8.8.8/', 'https://[2606:4700:4700::1111]:8443/x', 'HTTPS://EXAMPLE.COM/?a=b#c'])(
    '%s may be called',
    (url) => {
      expect(sender(new Answers([])).receiverFor(url)).not.toBeNull();
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
  ])('tells where %s is', (hostname, addresses) => {
    expect(hostsFileAddresses(TEXT, hostname)).toEqual(addresses);
  });
});
