import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Clock } from '../../../src/clock/clock.js';
import type { ErrorCode } from '../../../src/errors/error-table.js';
import { Journal } from '../../../src/journal/journal.js';
import { GitHubDouble } from '../../../lab/kit/doubles/github-double.js';
import { REDIRECT_URI, type SignInReply } from '../../../lab/kit/doubles/browser.js';
import { startServer, type TestServer } from '../../support/server.js';

/** A server, and what a sign-in changes in it. */
export class ServerFixture {
  server!: TestServer;

  /** The outcome of an attempt to sign in: the answer, and what it changed. */
  async outcomeOf(attempt: Promise<SignInReply>): Promise<Outcome> {
    const before = await this.#rows();
    const { status, body } = await attempt;
    const after = await this.#rows();
    const health = await fetch(`${this.server.url}/health`);
    return {
      status,
      code: body['code'],
      tokensIssued: after.tokens - before.tokens,
      accountsMade: after.users - before.users,
      toldToken: JSON.stringify(body).includes('octo_'),
      isServerAlive: health.status === 200,
    };
  }

  async #rows(): Promise<{ tokens: number; users: number }> {
    const journal = this.server.app.get(Journal);
    return { tokens: (await journal.load('tokens')).length, users: (await journal.load('users')).length };
  }
}

/** A server and the fake GitHub that it uses. */
export class SignInFixture extends ServerFixture {
  gitHub!: GitHubDouble;

  /** Both run as long as the tests of the file or group in which this is called. */
  static forTests(environment: Record<string, string> = {}, clock?: Clock): SignInFixture {
    const fixture = new SignInFixture();
    beforeAll(async () => {
      fixture.gitHub = await GitHubDouble.start();
      const settings = {
        ...fixture.gitHub.environment,
        GITHUB_REDIRECT_URI: REDIRECT_URI,
        SIGN_INS_PER_MINUTE: '100000',
        ...environment,
      };
      fixture.server = await startServer(settings, clock);
    });
    beforeEach(() => {
      fixture.gitHub.behave();
      fixture.gitHub.requests.length = 0;
    });
    afterAll(async () => {
      await fixture.server.close();
      await fixture.gitHub.close();
    });
    return fixture;
  }
}

interface Outcome {
  readonly status: number;
  readonly code: unknown;
  readonly tokensIssued: number;
  readonly accountsMade: number;
  readonly toldToken: boolean;
  readonly isServerAlive: boolean;
}

/** The outcome of an attempt that let no one in and broke nothing. */
export function refused(status: number, code: ErrorCode): Outcome {
  return { status, code, tokensIssued: 0, accountsMade: 0, toldToken: false, isServerAlive: true };
}
