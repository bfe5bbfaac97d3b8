import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody } from '../http/input/valid-input.decorators.js';
import { Upkeep } from '../http/routes/traits.js';
import { Attempts } from './attempts.js';
import { AuditRefusals } from './audit-refusals.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentCaller, type Caller } from './caller.js';
import { CreatedOwnToken, CreateOwnTokenRequest, OwnTokenList } from './own-token.dto.js';
import { CurrentOrigin } from './request-origins.js';
import { OwnTokens } from './tokens/own-tokens.js';

@ApiTags('Authentication')
@Controller('tokens')
@Authenticated()
export class OwnTokensController {
  constructor(
    private readonly tokens: OwnTokens,
    private readonly refusals: AuditRefusals,
    private readonly attempts: Attempts,
  ) {}

  /**
   * List your tokens
   *
   * @remarks Oldest first. The tokens themselves are not shown. A token with scopes sees only itself.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: OwnTokenList, description: 'Your valid tokens' })
  listOwnTokens(@CurrentCaller() caller: Caller): OwnTokenList {
    return { tokens: this.tokens.list(caller) };
  }

  /**
   * Create a token for yourself
   *
   * @remarks For a program or a machine of yours. A sign-in never ends a token that has a label. If the token that you send expires, the
   * new one expires no later. If it has scopes, the new one has the same or narrower ones.
   */
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: CreatedOwnToken, description: 'Token created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'scope_too_wide')
  @ApiErrors('token_limit_exceeded')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createOwnToken(
    @CurrentCaller() caller: Caller,
    @ValidBody() asked: CreateOwnTokenRequest,
    @CurrentOrigin() origin: Origin,
  ): Promise<CreatedOwnToken> {
    const attempt = { action: 'token.create', origin, subject: null } as const;
    return this.refusals.watch(attempt, () => this.tokens.create(caller, asked, origin));
  }

  /**
   * Revoke one of your tokens
   *
   * @remarks The token ends immediately, even if it is the one that you send, and its event streams and waiting requests end with it.
   * Leases and sessions belong to your account and are kept. If the token has scopes, its webhooks are suspended for good, and only a token
   * without scopes can keep its sessions alive. A token with scopes can end only itself.
   */
  @Delete(':id')
  @Upkeep()
  @HttpCode(204)
  @ApiParam({ name: 'id', description: 'The id of the token', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'Token revoked' })
  @ApiErrors('token_not_found', 'overloaded', 'store_unavailable')
  revokeOwnToken(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @CurrentOrigin() origin: Origin,
  ): Promise<void> {
    const attempt = this.attempts.onToken('token.revoke', id, origin);
    return this.refusals.watch(attempt, () => this.tokens.revoke(caller, id, origin));
  }
}
