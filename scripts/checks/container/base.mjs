import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workshop } from '../paths.mjs';
import { run } from '../run.mjs';

const HOUR = 3_600_000;
const RELEASE = 'bookworm';
const MIRROR = 'http://deb.debian.org/debian';
/** What compiles SQLite's addon. */
const PACKAGES = ['ca-certificates', 'make', 'g++', 'python3'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Makes a base of Debian with the Node.js that runs this, and its npm. */
export function makeBase(images, name) {
  const folder = workshop('container-base');
  const options = ['--variant=minbase', `--include=${PACKAGES.join()}`];
  run('debootstrap', [...options, RELEASE, folder, MIRROR], { withinMs: HOUR });
  for (const unused of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc']) {
    rmSync(join(folder, unused), { recursive: true, force: true });
  }
  cpSync(process.execPath, join(folder, 'usr/local/bin/node'));
  const npm = join(dirname(run('npm', ['root', '--global']).trim()), 'node_modules/npm');
  run('mkdir', ['-p', join(folder, 'usr/local/lib/node_modules')]);
  run('cp', ['-a', npm, join(folder, 'usr/local/lib/node_modules/npm')]);
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
  // What SQLite's addon is compiled with. Node-gyp would download it otherwise.
  run('mkdir', ['-p', join(folder, 'usr/local/include')]);
  run('cp', [
    '-a',
    join(dirname(process.execPath), '../include/node'),
    join(folder, 'usr/local/include/node'),
  ]);
  // Authorities that this machine trusts, because the registry of npm may be reached through one of them.
  cpSync(CERTIFICATES, join(folder, CERTIFICATES));
  const path = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
  images.add(folder, name, {
    PATH: path,
    NODE_EXTRA_CA_CERTS: CERTIFICATES,
    npm_config_nodedir: '/usr/local',
  });
  rmSync(folder, { recursive: true });
}
