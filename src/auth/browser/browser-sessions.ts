import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { ClientAddresses } from '../client-addresses.js';
import type { Proven } from '../sign-in/proven.js';
import { SignIns } from '../sign-in/sign-ins.js';
import type { BrowserFacts, ValidToken } from '../tokens/valid-token.js';
import { PageOrigin } from './page-origin.js';
import { SessionCookie } from './session-cookie.js';
import { csrfTokenOf } from './session-secret.js';

/** How much is kept of what a browser says that it is, in characters. */
const USER_AGENT_LENGTH_MAX = 256;

/** The caller's own session, and what its pages need for changes. */
export interface CurrentSession {
  readonly session: ValidToken;
  readonly csrfToken: string;
}

/** Opens, shows and ends browser sessions. Only their cookies contain their secrets. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly accounts: Accounts,
    private readonly signIns: SignIns,
    private readonly clock: Clock,
    private readonly cookie: SessionCookie,
    private readonly pages: PageOrigin,
    private readonly addresses: ClientAddresses,
  ) {}

  /** Opens a session for an identity that a provider has proven. */
  async signIn(
    proven: Proven,
    origin: Origin,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const browser = { ...this.#browserOf(request), openedWith: null };
    const { token: secret, facts } = await this.signIns.inBrowser(proven, browser, origin);
    this.#setCookie(request, response, secret, facts);
  }

  /** Opens a session for the owner of a bearer token. Throws `csrf_failed` and `forbidden`. */
  async openWith(
    caller: Caller,
    origin: Origin,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<CurrentSession> {
    if (!this.pages.isOwn(request)) throw new OctoStoreError('csrf_failed');
    const maker = this.#tokenOf(caller);
    if (maker.browser !== null)
      throw new OctoStoreError('forbidden', {
        details: 'Send a bearer token. A session cannot open another one.',
      });
    const { token: secret, facts } = await this.accounts.changes.openSessionWith(
      maker,
      this.#browserOf(request),
      origin,
    );
    this.#setCookie(request, response, secret, facts);
    return { session: facts, csrfToken: csrfTokenOf(secret) };
  }

  /** The session that the caller has sent. Throws `forbidden` if the caller has sent a bearer token. */
  current(caller: Caller, request: IncomingMessage): CurrentSession {
    const session = this.#tokenOf(caller);
    const presented = this.cookie.read(request);
    if (session.browser === null || typeof presented === 'string')
      throw new OctoStoreError('forbidden', {
        details: 'You have sent a bearer token, and not a browser session.',
      });
    return { session, csrfToken: csrfTokenOf(presented.secret) };
  }

  /** Ends the session that the caller has sent. */
  async signOut(
    caller: Caller,
    origin: Origin,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { session } = this.current(caller, request);
    await this.accounts.changes.revoke(session, origin);
    this.cookie.clear(request, response);
  }

  /** The caller's sessions, oldest first. A token with scopes sees and ends only those that may do no more. */
  list({ userId, scope, tokenId }: Caller): ValidToken[] {
    const sessions = this.accounts.validTokensOf(userId).filter(({ browser }) => browser !== null);
    if (scope === null) return sessions;
    return sessions.filter(
      (session) => session.tokenId === tokenId || session.browser?.openedWith === tokenId,
    );
  }

  /** Ends one of the caller's sessions. Throws `session_not_found`. */
  async end(caller: Caller, id: string, origin: Origin): Promise<void> {
    const session = this.list(caller).find(({ tokenId }) => tokenId === id);
    if (session === undefined) throw new OctoStoreError('session_not_found');
    await this.accounts.changes.revoke(session, origin);
  }

  #tokenOf({ tokenHash }: Caller): ValidToken {
    const token = this.accounts.validToken(tokenHash);
    if (token === null) throw new OctoStoreError(this.accounts.refusalOf(tokenHash));
    return token;
  }

  #browserOf(request: IncomingMessage): Omit<BrowserFacts, 'openedWith'> {
    return { userAgent: userAgentOf(request), address: this.addresses.of(request) || null };
  }

  #setCookie(
    request: IncomingMessage,
    response: ServerResponse,
    secret: string,
    { expiresAtMs }: Pick<ValidToken, 'expiresAtMs'>,
  ): void {
    const lastsMs = (expiresAtMs ?? 0) - this.clock.wallMs();
    this.cookie.set(request, response, secret, Math.max(0, Math.ceil(lastsMs / 1000)));
  }
}

/** Anyone may send any text, and it is shown to people. */
function userAgentOf({ headers }: IncomingMessage): string | null {
  const text = headers['user-agent']?.slice(0, USER_AGENT_LENGTH_MAX).replace(/[^\x20-\x7e]/g, '?') ?? '';
  return text === '' ? null : text;
}
