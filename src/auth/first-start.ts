import { Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';
import type { IssuedToken } from './account-changes.js';
import type { Accounts } from './accounts.js';
import type { Identity } from './user-directory.js';

const LOCAL_USER: Identity = { provider: 'local', subject: 'local', login: 'local', avatarUrl: null };

type SignInConfig = Pick<Config, 'GITHUB_CLIENT_ID' | 'STATIC_TOKENS' | 'STATIC_TOKENS_FILE'>;

/**
 * Lets a newcomer in: where no way to sign in is configured, the first start makes the user `local` with a token.
 *
 * The account lasts only once its token has been taken to be shown. A start that fails in between, say because the port is
 * in use, would otherwise leave a server with a user whose token nobody knows.
 */
@Injectable()
export class FirstStart {
  readonly #logger = new Logger(FirstStart.name);
  readonly #accounts: Accounts;
  #unshown: IssuedToken | null;

  private constructor(accounts: Accounts, unshown: IssuedToken | null) {
    this.#accounts = accounts;
    this.#unshown = unshown;
  }

  static async prepare(accounts: Accounts, config: SignInConfig): Promise<FirstStart> {
    if (isSignInConfigured(config)) return new FirstStart(accounts, null);
    if (accounts.isEmpty) return new FirstStart(accounts, await accounts.changes.makeProvisional(LOCAL_USER));
    const firstStart = new FirstStart(accounts, null);
    if (!accounts.hasTokens) firstStart.#warnThatNobodyCanEnter();
    return firstStart;
  }

  /**
   * Tells the token of the user `local`, on the first start only and only once, and then makes the account last. The token must
   * never be logged. A process that is killed before the account lasts tells another token next time, but never leaves one that
   * nobody knows. The same holds if `tell` fails.
   *
   * @param tell returns once somebody can read the token, whatever happens to the process.
   */
  async tellToken(tell: (token: string) => void | Promise<void>): Promise<void> {
    const unshown = this.#unshown;
    if (unshown === null) return;
    this.#unshown = null;
    try {
      await tell(unshown.token);
      await this.#accounts.changes.keep(unshown.user);
    } catch (error) {
      this.#logger.error({
        message: 'The user "local" could not be made; the next start does it again',
        error,
      });
    }
  }

  #warnThatNobodyCanEnter(): void {
    this.#logger.warn('No token is valid: set STATIC_TOKENS, or GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET');
  }
}

function isSignInConfigured(config: SignInConfig): boolean {
  return (
    config.GITHUB_CLIENT_ID !== undefined ||
    config.STATIC_TOKENS !== undefined ||
    config.STATIC_TOKENS_FILE !== undefined
  );
}
