// Installs what the lock file names and builds what has changed; does nothing, quickly, when all is up to date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed');
const built = join(root, 'dist', 'main.js');
const SOURCES = ['src', 'package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

install();
if (process.argv.includes('--build')) build();

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing dependencies. The first time takes a minute or two: SQLite may be compiled.');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function build() {
  const changed = Math.max(...SOURCES.map((path) => newestChange(join(root, path))));
  if (existsSync(built) && statSync(built).mtimeMs >= changed) return;
  console.log('Building.');
  run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
}

function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
