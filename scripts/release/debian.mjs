import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../checks/run.mjs';
import { neededGlibc } from './glibc.mjs';
import { artefacts, debianVersion, manifest, root, work } from './paths.mjs';
import { packagedSettings } from './packaged-settings.mjs';
import { sourceDate } from './source-date.mjs';

const SOURCES = join(root, 'packaging', 'debian');
const folder = join(work, 'debian');
/** `-n`: no name and no time, so that the same text always makes the same file. Level 9, as Debian asks for. */
const gzip = (text) => gzipSync(text, { level: 9 });

/** Where completion scripts are found, by the shell that `octostore completion` makes them for. */
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/octostore',
  zsh: 'usr/share/zsh/vendor-completions/_octostore',
  fish: 'usr/share/fish/vendor_completions.d/octostore.fish',
};

export const debianStep = {
  name: 'debian',
  what: 'The Debian package: the executable, its unit, user, settings, man page and completions',
  needs: ['licences', 'executable'],
  run: async () => {
    rmSync(folder, { recursive: true, force: true });
    writeContents();
    writeControl();
    const env = { SOURCE_DATE_EPOCH: String(sourceDate()) };
    // xz would save a quarter, and take many times as long.
    run('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z3', '--build', folder, artefacts.debian], { env });
  },
};

function writeContents() {
  copyFileSync(artefacts.executable, placeFor('usr/bin/octostore'));
  chmodSync(placeFor('usr/bin/octostore'), 0o755);
  write('lib/systemd/system/octostore.service', read('octostore.service'));
  write('usr/lib/sysusers.d/octostore.conf', read('sysusers.conf'));
  write('usr/lib/tmpfiles.d/octostore.conf', read('tmpfiles.conf'));
  write('etc/octostore/octostore.env', packagedSettings());
  write('usr/share/man/man1/octostore.1.gz', gzip(read('octostore.1')));
  for (const [shell, path] of Object.entries(COMPLETIONS))
    write(path, run(artefacts.executable, ['completion', shell]));
  writeDocs('usr/share/doc/octostore');
}

function writeDocs(docs) {
  write(`${docs}/copyright`, read('copyright') + indented(readFileSync(join(root, 'LICENSE'), 'utf8')));
  write(`${docs}/THIRD-PARTY.txt.gz`, gzip(readFileSync(artefacts.licences)));
  write(`${docs}/changelog.gz`, gzip(readFileSync(join(root, 'CHANGELOG.md'))));
  write(`${docs}/changelog.Debian.gz`, gzip(debianChangelog()));
  write('usr/share/lintian/overrides/octostore', read('lintian-overrides'));
}

function writeControl() {
  write('DEBIAN/control', control());
  write('DEBIAN/conffiles', '/etc/octostore/octostore.env\n');
  for (const script of ['postinst', 'prerm', 'postrm']) {
    write(`DEBIAN/${script}`, read(script));
    chmodSync(placeFor(`DEBIAN/${script}`), 0o755);
  }
  const files = run('find', ['usr', 'lib', '-type', 'f', '-printf', '%p\n'], { cwd: folder })
    .trim()
    .split('\n');
  write('DEBIAN/md5sums', run('md5sum', files.toSorted(), { cwd: folder }));
}

function control() {
  const size = Number(run('du', ['-sk', '--apparent-size', folder]).split('\t')[0]);
  const glibc = neededGlibc([artefacts.executable, 'node_modules/sqlite3/build/Release/node_sqlite3.node']);
  return `Package: octostore
Version: ${debianVersion}
Architecture: amd64
Maintainer: OctoStore <packages@octostore.io>
Installed-Size: ${size}
Depends: libc6 (>= ${glibc}), libgcc-s1, libstdc++6, passwd
Recommends: systemd
Suggests: postgresql-client
Section: net
Priority: optional
Homepage: https://octostore.io
Description: distributed locks, leader election and sessions over HTTP
 OctoStore gives programs on different machines a lock, a leader or a session
 over plain HTTP, with fencing tokens that make the locks safe. It is one
 process with one SQLite file, or several on one PostgreSQL database.
 .
 This package contains the server and the command line. The service starts
 after the installation and listens on 127.0.0.1:3000.
`;
}

function debianChangelog() {
  const date = new Date(sourceDate() * 1000).toUTCString().replace('GMT', '+0000');
  return `octostore (${debianVersion}) stable; urgency=medium

  * Version ${manifest.version}. See /usr/share/doc/octostore/changelog.gz.

 -- OctoStore <packages@octostore.io>  ${date}
`;
}

/** The text as Debian's copyright file wants it. */
function indented(text) {
  const lines = text.trim().split('\n');
  return lines.map((line) => (line === '' ? ' .\n' : ` ${line}\n`)).join('');
}

function read(name) {
  return readFileSync(join(SOURCES, name), 'utf8');
}

function write(path, content) {
  writeFileSync(placeFor(path), content);
}

function placeFor(path) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
