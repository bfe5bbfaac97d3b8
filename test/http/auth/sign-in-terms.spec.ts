import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Browser, REDIRECT_URI, type SignInReply } from '../../../lab/kit/doubles/browser.js';
import { GitHubDouble } from '../../../lab/kit/doubles/github-double.js';
import { Accounts } from '../../../src/auth/accounts.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { newDatabase, type NewDatabase } from '../../support/new-database.js';
import { startServerOn } from '../../support/server.js';
import { testFolder } from '../../support/temp-folder.js';
import { expectError } from '../suite.js';

/** Sign-ins across a restart, or a change of the leader: the next server has only the database and the SECRET_KEY. */

type RunningServer = Awaited<ReturnType<typeof startServerOn>>;

let gitHub: GitHubDouble;

/** What a browser needs to repeat its request to the callback. */
interface Callback {
  readonly query: string;
  readonly cookies: Browser['cookies'];
}

class Leaders {
  #running: RunningServer | null = null;

  constructor(private readonly database: NewDatabase) {}

  get server(): RunningServer {
    if (this.#running === null) throw new Error('no server leads');
    return this.#running;
  }

  /** Ends the term of the server that leads, if there is one. Another server leads then. */
  async change(): Promise<void> {
    await this.end();
    this.#running = await startServerOn(this.database, {
      SECRET_KEY: 'the-secret-key-that-all-servers-share',
      ...gitHub.environment,
      GITHUB_REDIRECT_URI: REDIRECT_URI,
    });
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.close();
  }
}

let leaders: Leaders;

beforeAll(async () => {
  gitHub = await GitHubDouble.start();
});

afterAll(() => gitHub.close());

beforeEach(async () => {
  gitHub.behave();
  const database = await newDatabase(testFolder());
  leaders = new Leaders(database);
  const present = leaders;
  onTestFinished(async () => {
    await present.end();
    await database.remove();
  });
  await leaders.change();
});

async function agreed(browser: Browser): Promise<Callback> {
  const query = (await browser.beginAndAgree()).toString();
  return { query, cookies: new Map(browser.cookies) };
}

/** Requests the callback as it was, although its response has cleared the cookie. */
function repeat({ query, cookies }: Callback): Promise<SignInReply> {
  const browser = new Browser(leaders);
  for (const [name, cookie] of cookies) browser.cookies.set(name, cookie);
  return browser.finish(query);
}

/** With a code that GitHub has not seen redeemed, so that only the state is in the way. */
function withFreshCode({ query, cookies }: Callback): Callback {
  const parameters = new URLSearchParams(query);
  parameters.set('code', gitHub.issueCode(REDIRECT_URI, null));
  return { query: parameters.toString(), cookies };
}

describe('when another server leads', () => {
  test('a sign-in that began before is finished, and its token works', async () => {
    const browser = new Browser(leaders);
    const { query } = await agreed(browser);
    await leaders.change();
    const { status, body } = await browser.finish(query);
    expect(status).toBe(200);
    const headers = { authorization: `Bearer ${String(body['token'])}` };
    expect((await fetch(`${leaders.server.url}/locks`, { headers })).status).toBe(200);
  });

  test('a state that was used before cannot be used again', async () => {
    const browser = new Browser(leaders);
    const callback = await agreed(browser);
    expect((await browser.finish(callback.query)).status).toBe(200);
    await leaders.change();
    const redeemed = gitHub.requests.length;
    expectError(await repeat(withFreshCode(callback)), 'sign_in_failed');
    await leaders.change();
    expectError(await repeat(callback), 'sign_in_failed');
    // GitHub was not even asked.
    expect(gitHub.requests).toHaveLength(redeemed);
  });

  test('a state whose sign-in failed cannot be used again either', async () => {
    const browser = new Browser(leaders);
    const callback = await agreed(browser);
    expectError(await browser.finish(callback.query.replace(/code=\w+/, 'code=unknown')), 'sign_in_failed');
    await leaders.change();
    expectError(await repeat(callback), 'sign_in_failed');
  });
});

describe('a server that stops', () => {
  test('does not begin to finish a sign-in, so the next one can', async () => {
    const browser = new Browser(leaders);
    const callback = await agreed(browser);
    leaders.server.app.get(LockStore).drain();
    const refused = await browser.finish(callback.query);
    expectError(refused, 'shutting_down');
    expect(refused.headers.get('octostore-unserved')).toBe('1');
    await leaders.change();
    expect((await repeat(callback)).status).toBe(200);
  });

  test('never says that it did nothing once the state has been used', async () => {
    const browser = new Browser(leaders);
    const callback = await agreed(browser);
    const { app } = leaders.server;
    // GitHub answers, and then the store is closed.
    const { named } = app.get(Accounts);
    const assertNotTakenOver = named.assertNotTakenOver.bind(named);
    named.assertNotTakenOver = (identity) => {
      assertNotTakenOver(identity);
      void app.get(LockStore).close();
    };
    const reply = await browser.finish(callback.query);
    expectError(reply, 'outcome_unknown');
    expect(reply.headers.get('octostore-unserved')).toBeNull();
    await leaders.change();
    expectError(await repeat(callback), 'sign_in_failed');
  });
});
