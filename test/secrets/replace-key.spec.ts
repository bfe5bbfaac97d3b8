import { readFileSync, rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { Browser, REDIRECT_URI } from '../../lab/kit/doubles/browser.js';
import { GitHubDouble } from '../../lab/kit/doubles/github-double.js';
import { newDatabase, type NewDatabase } from '../support/new-database.js';
import { startServerOn } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';
import { receiverSettings, StoredSecrets } from './stored-secrets.js';

const OLD = 'the-old-secret-key-of-32-characters';
const NEW = 'the-new-secret-key-of-32-characters';

type RunningServer = Awaited<ReturnType<typeof startServerOn>>;

/** An installation whose server is started again and again with another SECRET_KEY. */
class Restarts {
  #running: RunningServer | null = null;

  private constructor(
    readonly database: NewDatabase,
    private readonly gitHub: GitHubDouble,
  ) {}

  static async begin(database?: NewDatabase): Promise<Restarts> {
    const restarts = new Restarts(database ?? (await newDatabase(testFolder())), await GitHubDouble.start());
    onTestFinished(async () => {
      await restarts.end();
      await restarts.gitHub.close();
      await restarts.database.remove();
    });
    return restarts;
  }

  get server(): RunningServer {
    if (this.#running === null) throw new Error('no server runs');
    return this.#running;
  }

  async with(SECRET_KEY: string | undefined): Promise<RunningServer> {
    await this.end();
    this.#running = await startServerOn(this.database, {
      SECRET_KEY,
      ...receiverSettings(),
      ...this.gitHub.environment,
      GITHUB_REDIRECT_URI: REDIRECT_URI,
    });
    return this.#running;
  }

  async end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.close();
  }
}

test('a key is replaced without the loss of a webhook secret, a key for proofs or a sign-in', async () => {
  const restarts = await Restarts.begin();
  const secrets = await StoredSecrets.on(await restarts.with(OLD));
  const browser = new Browser(restarts);
  const query = await browser.beginAndAgree();
  await secrets.expectUsedBy(await restarts.with(`${NEW},${OLD}`));
  expect(await browser.finish(query)).toMatchObject({ status: 200 });
  const later = new Browser(restarts);
  const laterQuery = await later.beginAndAgree();
  await secrets.expectUsedBy(await restarts.with(NEW));
  expect(await later.finish(laterQuery)).toMatchObject({ status: 200 });
});

test('nothing is lost either if all servers learn of the new key first', async () => {
  const restarts = await Restarts.begin();
  const secrets = await StoredSecrets.on(await restarts.with(OLD));
  for (const keys of [`${OLD},${NEW}`, `${NEW},${OLD}`, NEW])
    await secrets.expectUsedBy(await restarts.with(keys));
});

test('the key that the server has made is replaced by SECRET_KEY, and its file can then be deleted', async () => {
  const DATABASE_URL = `${testFolder()}/octostore.db`;
  const file = { settings: { DATABASE_URL }, remove: () => Promise.resolve() };
  const restarts = await Restarts.begin(file);
  const secrets = await StoredSecrets.on(await restarts.with(undefined));
  await secrets.expectUsedBy(await restarts.with(NEW));
  await restarts.end();
  const made = readFileSync(`${DATABASE_URL}.key`, 'utf8');
  rmSync(`${DATABASE_URL}.key`);
  await secrets.expectUsedBy(await restarts.with(NEW));
  await secrets.expectUsedBy(await restarts.with(`${made},${NEW}`));
});
