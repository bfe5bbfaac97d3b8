import { defineConfig } from 'vitest/config';

/** What asks a server in the same process over HTTP. The files share their modules, which to load takes longer than most of the tests. */
const overHttp = { include: ['test/{http,fuzz}/**/*.spec.ts'], isolate: false };

/** The built command line. Its servers run in the process of the tests, so the same holds. */
const commandLine = { include: ['test/cli/**/*.spec.ts'], isolate: false, testTimeout: 120_000 };

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    globalSetup: 'test/support/postgres/global-setup.ts',
    // The default of a second is too short for a busy machine.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      { extends: true, test: { name: 'http', ...overHttp } },
      // The answers must be the same, whoever serves them.
      { extends: true, test: { name: 'http by Express', ...overHttp, env: { LEAN_ROUTES: 'false' } } },
      { extends: true, test: { name: 'cli', ...commandLine } },
      {
        extends: true,
        test: {
          name: 'other',
          include: ['test/**/*.spec.ts'],
          exclude: [...overHttp.include, ...commandLine.include],
        },
      },
    ],
  },
});
