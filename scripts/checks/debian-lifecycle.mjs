import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { artefacts } from '../release/paths.mjs';
import { root, workshop } from './paths.mjs';
import { run } from './run.mjs';

const HOUR = 3_600_000;
const SUITE = 'bookworm';
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Installs the Debian package in a new system, upgrades it while a server runs, removes it and purges it. The system has no
 * systemd that runs, as in a container. Needs root, debootstrap and lintian.
 */
export const debianLifecycle = {
  name: 'debian-package',
  what: 'The Debian package: lintian, then installed, upgraded, removed and purged in a new system',
  version: () => run('debootstrap', ['--version']).trim(),
  run: async () => {
    run('npm', ['run', '--silent', 'release'], { cwd: root, withinMs: HOUR });
    run('lintian', ['--allow-root', '--fail-on', 'error,warning', artefacts.debian]);
    const system = newSystem();
    const newer = newerVersion();
    for (const file of [artefacts.debian, newer]) copyFileSync(file, join(system, 'root', basename(file)));
    writeFileSync(join(system, 'root', 'lifecycle.sh'), LIFECYCLE);
    const versions = [artefacts.debian, newer].map((file) => `/root/${basename(file)}`);
    inside(system, ['sh', '-eu', '/root/lifecycle.sh', ...versions]);
  },
};

function newSystem() {
  const system = join(workshop('debian'), 'system');
  const include = '--include=libstdc++6,libgcc-s1,passwd,init-system-helpers';
  run('debootstrap', ['--variant=minbase', include, SUITE, system], { withinMs: HOUR });
  return system;
}

function inside(system, command) {
  const env = ['env', '-i', `PATH=${PATH}`, 'HOME=/root', 'DEBIAN_FRONTEND=noninteractive'];
  return run('chroot', [system, ...env, ...command]);
}

/** The same package with a higher version. */
function newerVersion() {
  const folder = join(root, 'build', 'checks', 'debian-newer');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('dpkg-deb', ['--raw-extract', artefacts.debian, folder]);
  run('sed', ['-i', 's/^Version: .*/&+test1/', join(folder, 'DEBIAN/control')]);
  const file = join(root, 'build', 'checks', 'octostore-newer.deb');
  if (existsSync(file)) rmSync(file);
  run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', folder, file]);
  return file;
}

/** Fails at the first command that does, and says which one. */
const LIFECYCLE = `
server=
trap 'test -z "$server" || kill $server 2>/dev/null || :' EXIT
# The new system does not know the name localhost.
export OCTOSTORE_BASE_URL=http://127.0.0.1:3000
as_service="setpriv --reuid octostore --regid octostore --clear-groups"
serve() { $as_service octostore serve --env-file /etc/octostore/octostore.env >>/tmp/log 2>&1 & server=$!; }
ready() { for _ in $(seq 600); do octostore health >/dev/null 2>&1 && return; sleep 0.1; done; cat /tmp/log; exit 1; }

echo '== install'
dpkg -i "$1"
test "$(stat -c '%U:%G %a' /etc/octostore/octostore.env)" = 'root:octostore 640'
test "$(stat -c '%U:%G %a' /var/lib/octostore)" = 'octostore:octostore 700'
cd /var/lib/octostore
serve; ready
octostore token create ada --env-file /etc/octostore/octostore.env >/tmp/token 2>/dev/null
export OCTOSTORE_TOKEN="$(cat /tmp/token)"
octostore lock run deploy -- sh -c 'echo "$OCTOSTORE_FENCING_TOKEN"' >/tmp/first

echo '== upgrade while the server runs, with changed settings'
echo 'MAX_LOCKS_PER_USER=7' >>/etc/octostore/octostore.env
dpkg -i "$2"
kill -0 $server
grep -q '^MAX_LOCKS_PER_USER=7' /etc/octostore/octostore.env
test "$(stat -c '%U:%G %a' /etc/octostore/octostore.env)" = 'root:octostore 640'
kill -TERM $server; wait $server
serve; ready
octostore lock run deploy -- sh -c 'echo "$OCTOSTORE_FENCING_TOKEN"' >/tmp/second
test "$(cat /tmp/second)" -gt "$(cat /tmp/first)"
kill -TERM $server; wait $server; server=

echo '== remove keeps the data and the settings'
dpkg -r octostore
test ! -e /usr/bin/octostore
test -e /var/lib/octostore/octostore.db
test -e /etc/octostore/octostore.env

echo '== purge removes both'
dpkg -P octostore
test ! -e /var/lib/octostore
test ! -e /etc/octostore
`;
