import { Injectable } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { qualifiedLogin } from '../tokens/token-facts.js';
import type { ValidToken } from '../tokens/valid-token.js';
import type { CurrentSession } from './browser-sessions.js';
import type { BrowserSessionBody, CurrentBrowserSession, ListedBrowserSession } from './session.dto.js';

/** Shows browser sessions to their owners. */
@Injectable()
export class SessionPresenter {
  constructor(private readonly accounts: Accounts) {}

  listed(session: ValidToken, { tokenHash }: Caller): ListedBrowserSession {
    return { ...this.#body(session), is_current: session.tokenHash === tokenHash };
  }

  current({ session, csrfToken }: CurrentSession): CurrentBrowserSession {
    const user = this.accounts.user(session.userId);
    if (user === null) throw new OctoStoreError('unauthorized');
    return {
      ...this.#body(session),
      csrf_token: csrfToken,
      user_id: user.userId,
      user: qualifiedLogin(user),
      login: user.login,
      is_administrator: this.accounts.isAdministrator(user),
    };
  }

  #body(session: ValidToken): BrowserSessionBody {
    const { tokenId, createdAtMs, expiresAtMs, browser } = session;
    return {
      id: tokenId,
      created_at: timeOf(createdAtMs ?? 0),
      expires_at: timeOf(expiresAtMs ?? 0),
      idle_ends_at: timeOf(this.accounts.idleEndOf(session)),
      user_agent: browser?.userAgent ?? null,
      address: browser?.address ?? null,
      token_id: browser?.openedWith ?? null,
    };
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
