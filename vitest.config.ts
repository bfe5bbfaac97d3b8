import { defineConfig } from 'vitest/config';
import { findPrograms } from './lab/kit/postgres/binaries.js';
import { findBouncer } from './lab/kit/postgres/bouncer.js';
import { findChromium } from './test/support/chromium.js';
import { warnNotInstalled } from './test/support/postgres/not-installed.js';

const isPostgresInstalled = findPrograms() !== null;
if (!isPostgresInstalled) warnNotInstalled();
const isChromiumInstalled = findChromium() !== null;
if (!isChromiumInstalled) warnNotInstalled('Chromium', 'chromium');
if (findBouncer() === null) warnNotInstalled('PgBouncer', 'pgbouncer');

/** What asks a server in the same process over HTTP. */
const overHttp = { include: ['test/{http,fuzz}/**/*.spec.ts'] };

/** The same on the other kind of database. What is left out does not depend on it. */
const onPostgres = {
  include: [
    'test/http/{fences,history,leases,locks,proofs,queues,sessions,webhooks}/**/*.spec.ts',
    'test/http/watch/{event-stream,holders,prefix,resume,types}.spec.ts',
    'test/http/auth/sign-in-terms.spec.ts',
  ],
  env: { TEST_DATABASE: 'postgres' },
};

/** What users install. The setup makes it. */
const release = {
  include: ['test/release/**/*.spec.ts'],
  testTimeout: 120_000,
  globalSetup: 'test/release/global-setup.ts',
};

/** The built command line. Its servers run in the process of the tests. */
const commandLine = { include: ['test/{cli,integrations}/**/*.spec.ts'], testTimeout: 120_000 };

/** The console in a real browser. Each file starts one server and one browser. */
const inBrowser = { include: ['test/console/**/*.spec.ts'], testTimeout: 60_000 };

/** Specs that start many processes, replace a module for all its importers, or count what is in the whole process. */
const alone = {
  include: [
    'test/{bench,commands,crash,logging,pgbouncer,process,teams}/**/*.spec.ts',
    'test/term/terms.spec.ts',
  ],
  exclude: isPostgresInstalled ? [] : ['test/commands/postgres/**'],
  isolate: true,
};

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    globalSetup: ['test/support/postgres/global-setup.ts', 'test/support/bundle-setup.ts'],
    // Files share a process and its modules, which take longer to load than most of the tests take to run.
    isolate: false,
    // The default of a second is too short for a busy machine.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      { extends: true, test: { name: 'http', ...overHttp } },
      // The answers must be the same, whoever serves them.
      { extends: true, test: { name: 'http by Express', ...overHttp, env: { LEAN_ROUTES: 'false' } } },
      ...(isPostgresInstalled
        ? [{ extends: true as const, test: { name: 'http on PostgreSQL', ...onPostgres } }]
        : []),
      { extends: true, test: { name: 'cli', ...commandLine } },
      { extends: true, test: { name: 'alone', ...alone } },
      { extends: true, test: { name: 'console', include: ['console/test/**/*.spec.ts'] } },
      ...(isChromiumInstalled ? [{ extends: true as const, test: { name: 'browser', ...inBrowser } }] : []),
      { extends: true, test: { name: 'release', ...release } },
      {
        extends: true,
        test: {
          name: 'other',
          include: ['test/**/*.spec.ts'],
          exclude: [
            ...overHttp.include,
            ...commandLine.include,
            ...alone.include,
            ...inBrowser.include,
            ...release.include,
          ],
        },
      },
    ],
  },
});
