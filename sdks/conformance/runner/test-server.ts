import { BuiltServer } from '../../../lab/kit/server/built-server.js';
import { ENVIRONMENT_USER, SERVER_SETTINGS, userNumbers } from './scenario-run.js';
import { tokenOf } from './secrets.js';

/** A server that an SDK's own tests and the scenarios that need no server of their own share. */
export class TestServer {
  readonly server = new BuiltServer(SERVER_SETTINGS);
  /** A number that no other run against this server has. */
  readonly nextUser = userNumbers();

  private constructor() {}

  static async start(): Promise<TestServer> {
    const started = new TestServer();
    try {
      await started.server.start();
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  /** The address and the tokens of two users, for a driver and for an SDK's own tests. */
  get environment(): Readonly<Record<string, string>> {
    return {
      OCTOSTORE_BASE_URL: this.server.url,
      OCTOSTORE_TOKEN: tokenOf('same', ENVIRONMENT_USER),
      OCTOSTORE_OTHER_TOKEN: tokenOf('other', ENVIRONMENT_USER),
    };
  }

  async stop(): Promise<void> {
    await this.server.remove();
  }
}

/** Runs `use` with a server, and removes the server afterwards. */
export async function withTestServer<T>(use: (testServer: TestServer) => Promise<T>): Promise<T> {
  const testServer = await TestServer.start();
  try {
    return await use(testServer);
  } finally {
    await testServer.stop();
  }
}
