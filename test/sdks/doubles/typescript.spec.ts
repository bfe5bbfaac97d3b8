import { describe, expect, test } from 'vitest';
import { InMemoryOctoStore } from '../../../sdks/typescript/src/testing/index.js';
import { CaseRun, CASES } from './cases.js';

const double = new InMemoryOctoStore();

describe('the double of the TypeScript SDK answers as the real server', () => {
  test.each(CASES)('$name', async (given) => {
    const run = new CaseRun({
      url: double.baseUrl,
      fetch: double.fetch,
      tokens: { ada: double.token('ada'), bob: double.token('bob'), admin: double.adminToken },
      logins: { ada: 'ada', bob: 'bob' },
      passSeconds: (seconds) => double.advance(seconds),
    });
    await expect(run.run(given)).resolves.toBeUndefined();
  });
});
