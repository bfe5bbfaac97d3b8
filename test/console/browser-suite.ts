import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { findChromium } from '../support/chromium.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';

/** As it was built with everything else. */
export const BUILT_CONSOLE = 'console/dist';

/** Alice is an administrator, Bob is not. */
export const SETTINGS = { ADMIN_USERS: 'static:alice' } as const;

/** No requests that no one has asked for. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Pictures of what was on the screen when a test failed. */
const FAILURES = 'build/console-failures';

/** What a test waits for at most. Machines of CI are slow. */
const PATIENCE_MS = 20_000;

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** One server and one browser for all tests of a file. Each window has storage of its own, as another browser has. */
export class BrowserSuite {
  #server: TestServer | null = null;
  #browser: Browser | null = null;
  readonly #contexts: BrowserContext[] = [];
  /** What a page complained about. A page that breaks its own content security policy does, too. */
  readonly complaints: string[] = [];
  /** Requests to other hosts. */
  readonly strayRequests: string[] = [];

  get url(): string {
    if (this.#server === null) throw new Error('the server runs during tests only');
    return this.#server.url;
  }

  get alice(): Client {
    return new Client(this.url, ALICE);
  }

  get bob(): Client {
    return new Client(this.url, BOB);
  }

  async start(environment: Record<string, string> = {}): Promise<void> {
    const settings = { ...SETTINGS, ...environment };
    this.#server = await startServer(settings, undefined, BUILT_CONSOLE);
    this.#browser = await launch();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
  }

  /** Another browser, signed in, at a page of the console. Without a token, at the sign-in. */
  async open(
    path: string,
    token: string | null = ALICE,
    { width = 1440, scheme = 'light' }: Look = {},
  ): Promise<Page> {
    return await this.openAt(this.url, path, token, { width, scheme });
  }

  /** The same on another server. */
  async openAt(
    url: string,
    path: string,
    token: string | null,
    { width = 1440, scheme = 'light' }: Look = {},
  ) {
    if (this.#browser === null) throw new Error('the browser runs during tests only');
    const context = await this.#browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      reducedMotion: 'reduce',
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    this.#listen(page, url);
    await page.goto(`${url}/console${path}`);
    if (token !== null) await signIn(page, token);
    return page;
  }

  /** Closes the windows of a test. If it has failed, pictures of them are kept. */
  async closeWindows(failed: string | null): Promise<void> {
    const contexts = this.#contexts.splice(0);
    const pages = contexts.flatMap((context) => context.pages());
    if (failed !== null) {
      mkdirSync(FAILURES, { recursive: true });
      const name = failed.replaceAll(/[^a-z0-9]+/gi, '-');
      await Promise.all(
        pages.map((page, index) =>
          page.screenshot({ path: `${FAILURES}/${name}-${index}.png` }).catch(() => null),
        ),
      );
    }
    await Promise.all(contexts.map((context) => context.close()));
  }

  #listen(page: Page, url: string): void {
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      // The browser reports every answer that is an error, and the tests ask for some.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.complaints.push(message.text());
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) this.strayRequests.push(request.url());
    });
  }
}

export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('Chromium is not installed');
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** Pastes a token, as a person does. */
export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('button', { name: 'Sign out' })
    .or(page.getByRole('button', { name: 'Menu' }))
    .first()
    .waitFor();
}

/** Starts a suite before the tests of a file, and checks after them that no page complained. */
export function browserSuite(environment: Record<string, string> = {}): BrowserSuite {
  const suite = new BrowserSuite();
  beforeAll(() => suite.start(environment), 60_000);
  afterEach(({ task }) => suite.closeWindows(task.result?.state === 'fail' ? task.name : null));
  afterAll(async () => {
    await suite.stop();
    expect(suite.complaints).toEqual([]);
    expect(suite.strayRequests).toEqual([]);
  });
  return suite;
}
