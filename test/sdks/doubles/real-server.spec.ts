import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { ADMIN_KEY, ALICE, BOB, startServer, type TestServer } from '../../support/server.js';
import { CaseRun, CASES } from './cases.js';

const clock = new ManualClock();
let server: TestServer;

beforeAll(async () => {
  server = await startServer({}, clock);
});
afterAll(() => server.close());

describe('the real server answers as test doubles must', () => {
  test.each(CASES)('$name', async (given) => {
    const run = new CaseRun({
      url: server.url,
      fetch: (url, init) => fetch(url, init),
      tokens: { ada: ALICE, bob: BOB, admin: ADMIN_KEY },
      logins: { ada: 'alice', bob: 'bob' },
      passSeconds: (seconds) => clock.advance(seconds * 1000),
    });
    await expect(run.run(given)).resolves.toBeUndefined();
  });
});
