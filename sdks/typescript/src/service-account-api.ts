import type { Caller } from './calls.js';
import { Fields } from './fields.js';
import { readNothing } from './session.js';
import {
  readCreatedToken,
  readTokens,
  type CreatedToken,
  type CreateTokenOptions,
  type Token,
} from './token-api.js';
import type { HttpRequest } from './transport.js';

/** An account that looks after a service account. */
export interface ServiceAccountOwner {
  /** The source of the account and its login, such as `github:ada`. */
  readonly user: string;
  readonly userId: string;
  /** Whether the owner has a valid token now. */
  readonly hasToken: boolean;
}

/** An account for a program, such as a pipeline. */
export interface ServiceAccount {
  readonly name: string;
  /** How policies and lists call it, such as `service:ci`. */
  readonly user: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly owners: readonly ServiceAccountOwner[];
  /** Whether any owner has a valid token now. */
  readonly hasActiveOwner: boolean;
}

/** The service accounts that you own. All methods that take a name throw `NotFoundError` if you own none with this name. */
export class ServiceAccountApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Oldest first. */
  list(): Promise<ServiceAccount[]> {
    return this.#call({ method: 'GET', path: '/service-accounts' }, readServiceAccounts, true);
  }

  /** The valid tokens of a service account, oldest first. */
  listTokens(name: string): Promise<Token[]> {
    return this.#call({ method: 'GET', path: tokensPath(name) }, readTokens, true);
  }

  /** Creates a token for a service account. Its label is 1 to 100 bytes long. It lasts no longer than the client's token. */
  createToken(
    name: string,
    label: string,
    { expiresInSeconds, scopes }: CreateTokenOptions = {},
  ): Promise<CreatedToken> {
    const body = { label, expires_in_seconds: expiresInSeconds, scopes };
    return this.#call({ method: 'POST', path: tokensPath(name), body }, readCreatedToken, false);
  }

  /** Ends a token of a service account immediately. */
  async revokeToken(name: string, id: string): Promise<void> {
    const path = `${tokensPath(name)}/${encodeURIComponent(id)}`;
    await this.#call({ method: 'DELETE', path }, readNothing, true);
  }

  async #call<T>(
    request: Pick<HttpRequest, 'method' | 'path' | 'body'>,
    read: (text: string) => T,
    isSafe: boolean,
  ): Promise<T> {
    return (await this.#caller.call({ request: () => request, read, isSafe })).value;
  }
}

function tokensPath(name: string): string {
  return `/service-accounts/${encodeURIComponent(name)}/tokens`;
}

function readServiceAccounts(text: string): ServiceAccount[] {
  return Fields.parse(text).objects('service_accounts').map(readServiceAccount);
}

function readServiceAccount(fields: Fields): ServiceAccount {
  return {
    name: fields.text('name'),
    user: fields.text('user'),
    userId: fields.text('user_id'),
    createdAt: fields.date('created_at'),
    owners: fields.objects('owners').map(readOwner),
    hasActiveOwner: fields.flag('has_active_owner'),
  };
}

function readOwner(fields: Fields): ServiceAccountOwner {
  return {
    user: fields.text('user'),
    userId: fields.text('user_id'),
    hasToken: fields.flag('has_token'),
  };
}
