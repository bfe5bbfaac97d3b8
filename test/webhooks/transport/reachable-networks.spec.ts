import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config/config.js';
import { ReachableNetworks } from '../../../src/webhooks/transport/reachable-networks.js';

function reachable(setting: string): ReachableNetworks {
  return new ReachableNetworks(
    loadConfig({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: setting }).WEBHOOK_ALLOW_PRIVATE_NETWORKS,
  );
}

const PUBLIC = ['8.8.8.8', '2606:4700::1111'];
const PRIVATE = ['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12:3456::1', '::ffff:10.1.2.3'];
const LOCAL = ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'];
const LINK = ['169.254.169.254', '169.254.0.1', 'fe80::1', '::ffff:169.254.169.254'];
const METADATA = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '::ffff:100.100.100.200'];
const NEVER = ['0.0.0.0', '::', '224.0.0.1', 'ff02::1', '240.0.0.1', '255.255.255.255', 'nonsense', ''];

describe.each([
  ['false', PUBLIC, [...PRIVATE, ...LOCAL, ...LINK, ...METADATA, ...NEVER]],
  ['true', [...PUBLIC, ...PRIVATE], [...LOCAL, ...LINK, ...METADATA, ...NEVER]],
  [
    '10.0.0.0/8',
    [...PUBLIC, '10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::a01:203'],
    ['172.16.0.1', '192.168.1.1', 'fd12:3456::1', ...LOCAL, ...LINK, ...METADATA, ...NEVER],
  ],
  ['127.0.0.1, ::1', [...PUBLIC, '127.0.0.1', '::1', '::ffff:127.0.0.1'], ['127.9.9.9', ...PRIVATE, ...LINK]],
  ['true,169.254.0.0/16', [...PUBLIC, ...PRIVATE, '169.254.169.254'], ['fe80::1', ...LOCAL, ...METADATA]],
  ['fd00:ec2::254', [...PUBLIC, 'fd00:ec2::254'], [...PRIVATE, ...LOCAL]],
])('with WEBHOOK_ALLOW_PRIVATE_NETWORKS=%s', (setting, open, closed) => {
  test.each(open)('%s may be called', (address) => {
    expect(reachable(setting).includes(address)).toBe(true);
  });

  test.each(closed)('%s may not be called', (address) => {
    expect(reachable(setting).includes(address)).toBe(false);
  });
});

test.each(['yes', '10.0.0.0/33', '10.0.0', 'true,here', 'example.com'])(
  '%s is not a valid setting',
  (setting) => {
    expect(() => reachable(setting)).toThrow(ConfigError);
  },
);
