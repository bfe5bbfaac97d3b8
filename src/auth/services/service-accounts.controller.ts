import { Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { CreatedToken, TokenList } from '../admin-token.dto.js';
import { Attempts } from '../attempts.js';
import { AuditRefusals } from '../audit-refusals.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../caller.js';
import { CreateOwnTokenRequest } from '../own-token.dto.js';
import { CurrentOrigin } from '../request-origins.js';
import { ApiServiceName } from './api-service-name.decorator.js';
import { OwnedServices } from './owned-services.js';
import { ServiceAccountList } from './service-account.dto.js';

@ApiTags('Service accounts')
@Authenticated()
@Controller('service-accounts')
export class ServiceAccountsController {
  constructor(
    private readonly services: OwnedServices,
    private readonly refusals: AuditRefusals,
    private readonly attempts: Attempts,
  ) {}

  /**
   * List the service accounts that you own
   *
   * @remarks Oldest first.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: ServiceAccountList, description: 'The service accounts that you own' })
  @ApiErrors('overloaded', 'store_unavailable')
  async listOwnServiceAccounts(@CurrentCaller() caller: Caller): Promise<ServiceAccountList> {
    return { service_accounts: await this.services.list(caller) };
  }

  /**
   * List the tokens of a service account
   *
   * @remarks For its owners. Oldest first. The tokens themselves are not shown.
   */
  @Get(':name/tokens')
  @Upkeep()
  @ApiServiceName()
  @ApiOkResponse({ type: TokenList, description: 'The valid tokens' })
  @ApiErrors('service_account_not_found', 'forbidden', 'overloaded', 'store_unavailable')
  async listServiceTokens(@CurrentCaller() caller: Caller, @Param('name') name: string): Promise<TokenList> {
    return { tokens: await this.services.listTokens(caller, name) };
  }

  /**
   * Create a token for a service account
   *
   * @remarks For its owners. If the token that you send expires, the new one expires no later.
   */
  @Post(':name/tokens')
  @Header('Cache-Control', 'no-store')
  @ApiServiceName()
  @ApiCreatedResponse({ type: CreatedToken, description: 'Token created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'token_limit_exceeded')
  @ApiErrors('service_account_not_found', 'overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createServiceToken(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @ValidBody() asked: CreateOwnTokenRequest,
    @CurrentOrigin() origin: Origin,
  ): Promise<CreatedToken> {
    const attempt = this.attempts.onService('token.create', name, origin);
    return this.refusals.watch(attempt, () => this.services.createToken(caller, name, asked, origin));
  }

  /**
   * Revoke a token of a service account
   *
   * @remarks For its owners. The token ends immediately, and its event streams and waiting requests end with it. Leases and sessions belong to
   * the account and are kept.
   */
  @Delete(':name/tokens/:id')
  @Upkeep()
  @HttpCode(204)
  @ApiServiceName()
  @ApiParam({ name: 'id', description: 'The id of the token', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'Token revoked' })
  @ApiErrors('service_account_not_found', 'token_not_found', 'forbidden', 'overloaded', 'store_unavailable')
  revokeServiceToken(
    @CurrentCaller() caller: Caller,
    @Param('name') name: string,
    @Param('id') id: string,
    @CurrentOrigin() origin: Origin,
  ): Promise<void> {
    const attempt = this.attempts.onTokenOf(name, 'token.revoke', id, origin);
    return this.refusals.watch(attempt, () => this.services.revokeToken(caller, name, id, origin));
  }
}
