import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody } from '../http/input/valid-input.decorators.js';
import { Upkeep } from '../http/routes/traits.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentCaller, type Caller } from './caller.js';
import { CreatedOwnToken, CreateOwnTokenRequest, OwnTokenList } from './own-token.dto.js';
import { CurrentOrigin } from './request-origins.js';
import { OwnTokens } from './tokens/own-tokens.js';

@ApiTags('Authentication')
@Controller('tokens')
@Authenticated()
export class OwnTokensController {
  constructor(private readonly tokens: OwnTokens) {}

  /**
   * List your tokens
   *
   * @remarks Oldest first. The tokens themselves are not shown.
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
   * new one expires no later.
   */
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: CreatedOwnToken, description: 'Token created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'token_limit_exceeded')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createOwnToken(
    @CurrentCaller() caller: Caller,
    @ValidBody() asked: CreateOwnTokenRequest,
    @CurrentOrigin() origin: Origin,
  ): Promise<CreatedOwnToken> {
    return this.tokens.create(caller, asked, origin);
  }

  /**
   * Revoke one of your tokens
   *
   * @remarks The token ends immediately, even if it is the one that you send, and its event streams and waiting requests end with it.
   * Leases and sessions belong to your account and are kept.
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
    return this.tokens.revoke(caller, id, origin);
  }
}
