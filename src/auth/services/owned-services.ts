import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { withinLifeOf } from '../tokens/life-of-token.js';
import type { NewToken } from '../tokens/token-desk.js';
import { factsOf, type TokenFacts } from '../tokens/token-facts.js';
import { termsOf, type AskedTerms } from '../tokens/token-terms.js';
import { serviceAccountFacts, type ServiceAccountFacts } from './service-account-facts.js';

/** The account may do more than the scopes of the token say. */
const NARROW =
  'The token that you use has scopes, so it cannot manage service accounts. Use one without scopes.';

/** The service accounts of an owner, and their tokens. */
@Injectable()
export class OwnedServices {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** The service accounts that the caller owns, oldest first. */
  list({ userId }: Caller): Promise<ServiceAccountFacts[]> {
    return this.store.read(() =>
      this.accounts.services
        .all()
        .filter(({ owners }) => owners.includes(userId))
        .flatMap((account) => serviceAccountFacts(account, this.accounts)),
    );
  }

  /** The valid tokens of a service account, oldest first. Throws `service_account_not_found`. */
  listTokens(caller: Caller, name: string): Promise<TokenFacts[]> {
    return this.#as(caller, name, (service) =>
      Promise.resolve(this.#tokensOf(service).map((token) => factsOf(token, service))),
    );
  }

  /**
   * Creates a token for a service account. It lasts no longer than the caller's own. Throws `service_account_not_found`, `forbidden` and
   * `token_limit_exceeded`.
   */
  createToken(caller: Caller, name: string, asked: AskedTerms, origin: Origin): Promise<NewToken> {
    return this.#as(caller, name, async (service) => {
      const maker = this.accounts.validToken(caller.tokenHash);
      if (maker === null) throw new OctoStoreError(this.accounts.refusalOf(caller.tokenHash));
      const terms = withinLifeOf(maker, termsOf(asked, this.clock));
      const { token, facts } = await this.accounts.serviceChanges.issue(service, terms, origin);
      return { token, ...factsOf(facts, service) };
    });
  }

  /** Ends a token of a service account immediately. Throws `service_account_not_found` and `token_not_found`. */
  revokeToken(caller: Caller, name: string, id: string, origin: Origin): Promise<void> {
    return this.#as(caller, name, async (service) => {
      const token = this.#tokensOf(service).find(({ tokenId }) => tokenId === id);
      if (token === undefined) throw new OctoStoreError('token_not_found');
      await this.accounts.changes.revoke(token, origin);
    });
  }

  /** To others, the account does not exist. Whether its name is taken is for administrators to know. */
  #as<T>(
    { userId, scope }: Caller,
    name: string,
    act: (service: Readonly<UserRow>) => Promise<T>,
  ): Promise<T> {
    return this.store.settleRefusal(async () => {
      if (scope !== null) throw new OctoStoreError('forbidden', { details: NARROW });
      const service = this.accounts.serviceUser(name);
      const account = service === null ? null : this.accounts.services.get(service.userId as UserId);
      if (service === null || account?.owners.includes(userId) !== true)
        throw new OctoStoreError('service_account_not_found');
      return act(service);
    });
  }

  #tokensOf({ userId }: Readonly<UserRow>) {
    return this.accounts.validTokensOf(userId as UserId);
  }
}
