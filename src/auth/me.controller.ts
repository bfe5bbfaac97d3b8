import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { OctoStoreError } from '../errors/octostore-error.js';
import { Accounts } from './accounts.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentCaller, type Caller } from './caller.js';
import { MeBody } from './own-token.dto.js';
import { OwnTokens } from './tokens/own-tokens.js';
import { qualifiedLogin } from './tokens/token-facts.js';

@ApiTags('Authentication')
@Controller('me')
@Authenticated()
export class MeController {
  constructor(
    private readonly accounts: Accounts,
    private readonly tokens: OwnTokens,
  ) {}

  /**
   * Show who you are
   *
   * @remarks Your account, and the token that you have sent.
   */
  @Get()
  @ApiOkResponse({ type: MeBody, description: 'Your account and your token' })
  getMe(@CurrentCaller() caller: Caller): MeBody {
    const user = this.accounts.user(caller.userId);
    if (user === null) throw new OctoStoreError('unauthorized');
    return {
      user_id: user.userId,
      user: qualifiedLogin(user),
      login: user.login,
      groups: [...this.accounts.memberships.groupsOf(caller.userId)],
      is_administrator: this.accounts.isAdmin(caller),
      signed_in_with: this.#wayOf(caller),
      token: this.tokens.current(caller),
    };
  }

  #wayOf({ tokenHash }: Caller): MeBody['signed_in_with'] {
    const browser = this.accounts.validToken(tokenHash)?.browser ?? null;
    return browser === null ? 'token' : 'browser_session';
  }
}
