// Installs the locked dependencies and builds what has changed. If everything is up to date, it does nothing, quickly.
// With --build it builds everything, otherwise only the TypeScript client and the types of the console. With --sdk it installs nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.installed');
/** Built in this order, since the command line needs the client. */
const CLIENT = {
  what: 'the client',
  result: 'sdks/typescript/dist/index.js',
  sources: [
    ...['src', 'package.json', 'tsconfig.json', 'tsconfig.server.json'].map((path) =>
      join('sdks/typescript', path),
    ),
    'src/core',
    'src/errors/error-table.ts',
  ],
  // The test double has the rules of the server in it, so they come first.
  commands: ['sdks/typescript/tsconfig.server.json', 'sdks/typescript'].map((project) => [
    'node_modules/typescript/bin/tsc',
    '-p',
    project,
  ]),
};
const PRODUCT = {
  what: 'the server and the command line',
  result: 'dist/main.js',
  sources: ['src', 'package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', CLIENT.result],
  commands: [['node_modules/@nestjs/cli/bin/nest.js', 'build']],
};
/** What the console knows of the API. It is needed to check its types. */
const CONSOLE_TYPES = {
  what: 'the types of the API for the console',
  result: 'console/src/api/openapi.d.ts',
  sources: ['openapi.yaml'],
  commands: [
    [
      'node_modules/openapi-typescript/bin/cli.js',
      'openapi.yaml',
      '--output',
      'console/src/api/openapi.d.ts',
    ],
  ],
};
const CONSOLE = {
  what: 'the console',
  result: 'console/dist/index.html',
  sources: ['src', 'public', 'index.html', 'package.json', 'vite.config.ts', 'tsconfig.json'].map((path) =>
    join('console', path),
  ),
  commands: [['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', 'console']],
};

if (!process.argv.includes('--sdk')) install();
build(CLIENT);
build(CONSOLE_TYPES);
if (process.argv.includes('--build')) {
  build(CONSOLE);
  build(PRODUCT);
}

function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(
    'Installing dependencies. The first time may take a minute or two, because SQLite may have to be compiled.',
  );
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function build({ what, result, sources, commands }) {
  const built = join(root, result);
  const changed = Math.max(...sources.map((path) => newestChange(join(root, path))));
  if (existsSync(built) && statSync(built).mtimeMs >= changed) return;
  console.log(`Building ${what}.`);
  for (const command of commands) run(process.execPath, command);
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
