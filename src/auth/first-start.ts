import { Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';
import type { IssuedToken } from './account-changes.js';
import type { Accounts } from './accounts.js';
import type { Identity } from './user-directory.js';

const LOCAL_USER: Identity = { provider: 'local', subject: 'local', login: 'local', avatarUrl: null };

type SignInConfig = Pick<
  Config,
  'GITHUB_CLIENT_ID' | 'OIDC_ISSUER' | 'STATIC_TOKENS' | 'STATIC_TOKENS_FILE' | 'TRUSTED_ISSUERS_FILE'
>;

/**
 * If no way to sign in is configured, the first start creates the user `local` with a token, so that you can begin.
 *
 * The account becomes permanent only after its token has been shown. If a start failed in between, for example because the
 * port is in use, the server would otherwise have a user whose token no one knows.
 */
@Injectable()
export class FirstStart {
  readonly #logger = new Logger(FirstStart.name);
  readonly #accounts: Accounts;
  #notShown: IssuedToken | null;

  private constructor(accounts: Accounts, issued: IssuedToken | null) {
    this.#accounts = accounts;
    this.#notShown = issued;
  }

  /** @param options whether there is a way to show you a token that no one else sees. Without one, no token is created. */
  static async prepare(
    accounts: Accounts,
    config: SignInConfig,
    { mayShowToken = true }: { readonly mayShowToken?: boolean } = {},
  ): Promise<FirstStart> {
    if (isSignInConfigured(config)) return new FirstStart(accounts, null);
    if (accounts.isEmpty && mayShowToken)
      return new FirstStart(accounts, await accounts.changes.makeProvisional(LOCAL_USER));
    const firstStart = new FirstStart(accounts, null);
    if (accounts.isEmpty) firstStart.#warnThatNoOneCanSignIn();
    else if (!accounts.hasTokens) firstStart.#warnThatNoTokenIsValid();
    return firstStart;
  }

  /**
   * Shows the token of the user `local`, once and on the first start only, and then makes the account permanent. Never log
   * the token. If the process is killed before that, or if `show` fails, the next start shows a new token. No account is left
   * whose token no one knows.
   *
   * @param show returns once the token can be read, even if the process ends then.
   */
  async showToken(show: (token: string) => void | Promise<void>): Promise<void> {
    const issued = this.#notShown;
    if (issued === null) return;
    this.#notShown = null;
    try {
      await show(issued.token);
      await this.#accounts.changes.keep(issued.user);
    } catch (error) {
      this.#logger.error({
        message: 'The user "local" could not be created. Restart the server to try again',
        error,
      });
    }
  }

  #warnThatNoOneCanSignIn(): void {
    this.#logger.warn('There are no users yet. Create one with a token: octostore token create USER');
  }

  #warnThatNoTokenIsValid(): void {
    this.#logger.warn('No token is valid. Set STATIC_TOKENS, or GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET');
  }
}

function isSignInConfigured(config: SignInConfig): boolean {
  return (
    config.GITHUB_CLIENT_ID !== undefined ||
    config.OIDC_ISSUER !== undefined ||
    config.STATIC_TOKENS !== undefined ||
    config.STATIC_TOKENS_FILE !== undefined ||
    config.TRUSTED_ISSUERS_FILE !== undefined
  );
}
