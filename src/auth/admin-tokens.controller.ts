import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody, ValidQuery } from '../http/input/valid-input.decorators.js';
import { Upkeep } from '../http/routes/traits.js';
import { AdminOnly } from './admin-only.decorator.js';
import {
  CreatedToken,
  CreateTokenRequest,
  ListTokensQuery,
  TokenList,
  RevokeTokensQuery,
} from './admin-token.dto.js';
import { Attempts } from './attempts.js';
import { AuditRefusals } from './audit-refusals.js';
import { CurrentOperator, type Operator } from './operator.js';
import { CurrentOrigin } from './request-origins.js';
import { TokenAdministration } from './tokens/token-administration.js';

@ApiTags('Authentication')
@AdminOnly()
@Controller('admin/tokens')
export class AdminTokensController {
  constructor(
    private readonly tokens: TokenAdministration,
    private readonly refusals: AuditRefusals,
    private readonly attempts: Attempts,
  ) {}

  /**
   * Create a token for a user
   *
   * @remarks For machines and for people without GitHub. `octostore token create` does the same on the server's machine. Tokens of
   * administrators need the admin key: with the token of an administrator, you can create none for an administrator here.
   */
  @Post()
  @ApiCreatedResponse({ type: CreatedToken, description: 'Token created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'token_limit_exceeded')
  @ApiErrors('forbidden', 'user_not_found', 'user_ambiguous')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createToken(
    @ValidBody() { user, ...asked }: CreateTokenRequest,
    @CurrentOperator() operator: Operator,
    @CurrentOrigin() origin: Origin,
  ): Promise<CreatedToken> {
    const attempt = { action: 'token.create', origin, subject: null, details: { user } } as const;
    return this.refusals.watch(attempt, () => this.tokens.create(user, asked, origin, operator));
  }

  /**
   * List valid tokens
   *
   * @remarks Oldest first. The tokens themselves are not shown.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: TokenList, description: 'The valid tokens' })
  @ApiErrors('validation_failed')
  async listTokens(@ValidQuery() { user }: ListTokensQuery): Promise<TokenList> {
    return { tokens: await this.tokens.list(user ?? undefined) };
  }

  /**
   * Revoke all tokens of a user
   *
   * @remarks The tokens end immediately, including any that a rotation or sign-in is about to return. Leases and sessions belong to
   * the account and are kept.
   */
  @Delete()
  @Upkeep()
  @ApiOkResponse({ type: TokenList, description: 'The revoked tokens' })
  @ApiErrors('validation_failed', 'user_not_found', 'overloaded', 'store_unavailable')
  async revokeTokens(
    @ValidQuery() { user }: RevokeTokensQuery,
    @CurrentOrigin() origin: Origin,
  ): Promise<TokenList> {
    const attempt = { action: 'token.revoke', origin, subject: null, details: { user } } as const;
    const tokens = await this.refusals.watch(attempt, () => this.tokens.revokeAllOf(user, origin));
    return { tokens };
  }

  /**
   * Revoke a token
   *
   * @remarks The token ends immediately and stays revoked, even if the configuration still contains it. Leases and sessions belong
   * to the account and are kept.
   */
  @Delete(':id')
  @Upkeep()
  @HttpCode(204)
  @ApiParam({ name: 'id', description: 'The id of the token', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'Token revoked' })
  @ApiErrors('token_not_found', 'overloaded', 'store_unavailable')
  revokeToken(@Param('id') id: string, @CurrentOrigin() origin: Origin): Promise<void> {
    const attempt = this.attempts.onToken('token.revoke', id, origin);
    return this.refusals.watch(attempt, () => this.tokens.revoke(id, origin));
  }
}
