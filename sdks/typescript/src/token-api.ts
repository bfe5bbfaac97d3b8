import type { Caller } from './calls.js';
import { Fields } from './fields.js';
import { readNothing } from './session.js';
import type { HttpRequest } from './transport.js';

/** One of your tokens. The token itself is not shown. */
export interface Token {
  /** Identifies the token. It cannot be used to sign in. A rotation keeps it. */
  readonly id: string;
  /** Your name for the token. */
  readonly label: string | null;
  /** Null if the token comes from the server's configuration. */
  readonly createdAt: Date | null;
  /** Null if the token does not expire. */
  readonly expiresAt: Date | null;
  /** To the hour. Null if it was never used. */
  readonly lastUsedAt: Date | null;
}

/** A new token. This is the only time that you see the token itself. */
export interface CreatedToken extends Token {
  readonly token: string;
}

/** Your account, and the token that the client sends. */
export interface Me {
  readonly userId: string;
  /** The source of the account and its login, such as `github:octocat`. */
  readonly user: string;
  readonly login: string;
  readonly isAdministrator: boolean;
  readonly token: Token;
}

export interface CreateTokenOptions {
  /** How long the token lasts, from 60 seconds to ten years. By default it does not expire, or with the client's token. */
  readonly expiresInSeconds?: number | undefined;
}

/** The routes of your own tokens. */
export class TokenApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Your valid tokens, oldest first. */
  list(): Promise<Token[]> {
    return this.#call({ method: 'GET', path: '/tokens' }, readTokens, true);
  }

  /** Creates a token for a program or a machine of yours. Its label is 1 to 100 bytes long. */
  create(label: string, { expiresInSeconds }: CreateTokenOptions = {}): Promise<CreatedToken> {
    const body = { label, expires_in_seconds: expiresInSeconds };
    return this.#call({ method: 'POST', path: '/tokens', body }, readCreatedToken, false);
  }

  /** Ends a token immediately. Throws `NotFoundError` if you have no such token. */
  async revoke(id: string): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/tokens/${encodeURIComponent(id)}` }, readNothing, true);
  }

  /** Your account, and the token that the client sends. */
  me(): Promise<Me> {
    return this.#call({ method: 'GET', path: '/me' }, readMe, true);
  }

  async #call<T>(
    request: Pick<HttpRequest, 'method' | 'path' | 'body'>,
    read: (text: string) => T,
    isSafe: boolean,
  ): Promise<T> {
    return (await this.#caller.call({ request: () => request, read, isSafe })).value;
  }
}

function readMe(text: string): Me {
  const fields = Fields.parse(text);
  return {
    userId: fields.text('user_id'),
    user: fields.text('user'),
    login: fields.text('login'),
    isAdministrator: fields.flag('is_administrator'),
    token: readToken(fields.object('token')),
  };
}

export function readTokens(text: string): Token[] {
  return Fields.parse(text).objects('tokens').map(readToken);
}

export function readCreatedToken(text: string): CreatedToken {
  const fields = Fields.parse(text);
  return { ...readToken(fields), token: fields.text('token') };
}

function readToken(fields: Fields): Token {
  return {
    id: fields.text('id'),
    label: fields.optionalText('label') ?? null,
    createdAt: fields.optionalDate('created_at') ?? null,
    expiresAt: fields.optionalDate('expires_at') ?? null,
    lastUsedAt: fields.optionalDate('last_used_at') ?? null,
  };
}
