import { Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { AdminOnly } from '../admin-only.decorator.js';
import { Attempts } from '../attempts.js';
import { AuditRefusals } from '../audit-refusals.js';
import { CurrentOrigin } from '../request-origins.js';
import { ApiServiceName } from './api-service-name.decorator.js';
import {
  ChangeOwnersRequest,
  CreateServiceAccountRequest,
  ServiceAccountBody,
  ServiceAccountList,
} from './service-account.dto.js';
import { ServiceAccountAdministration } from './service-account-administration.js';

@ApiTags('Service accounts')
@AdminOnly()
@Controller('admin/service-accounts')
export class AdminServiceAccountsController {
  constructor(
    private readonly services: ServiceAccountAdministration,
    private readonly refusals: AuditRefusals,
    private readonly attempts: Attempts,
  ) {}

  /**
   * Create a service account
   *
   * @remarks An account for a program, such as a pipeline. It belongs to no person, and its owners create its tokens.
   */
  @Post()
  @ApiCreatedResponse({ type: ServiceAccountBody, description: 'Service account created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed')
  @ApiErrors('user_not_found', 'user_ambiguous', 'owner_not_allowed')
  @ApiErrors('service_account_exists', 'service_account_limit_exceeded')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createServiceAccount(
    @ValidBody() { name, owners }: CreateServiceAccountRequest,
    @CurrentOrigin() origin: Origin,
  ): Promise<ServiceAccountBody> {
    const attempt = this.attempts.onService('service.create', name, origin);
    return this.refusals.watch(attempt, () => this.services.create(name, owners, origin));
  }

  /**
   * List all service accounts
   *
   * @remarks Oldest first.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: ServiceAccountList, description: 'The service accounts' })
  @ApiErrors('overloaded', 'store_unavailable')
  async listServiceAccounts(): Promise<ServiceAccountList> {
    return { service_accounts: await this.services.list() };
  }

  /**
   * Replace the owners of a service account
   *
   * @remarks Those that you do not name are no longer owners. Its tokens stay valid.
   */
  @Put(':name/owners')
  @Upkeep()
  @ApiServiceName()
  @ApiOkResponse({ type: ServiceAccountBody, description: 'The service account' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed')
  @ApiErrors('user_not_found', 'user_ambiguous', 'owner_not_allowed')
  @ApiErrors('service_account_not_found', 'overloaded', 'store_unavailable')
  changeOwners(
    @Param('name') name: string,
    @ValidBody() { owners }: ChangeOwnersRequest,
    @CurrentOrigin() origin: Origin,
  ): Promise<ServiceAccountBody> {
    const attempt = this.attempts.onService('service.owners', name, origin);
    return this.refusals.watch(attempt, () => this.services.changeOwners(name, owners, origin));
  }

  /**
   * Delete a service account
   *
   * @remarks Its tokens end immediately, and its event streams and waiting requests end with them. Its webhooks are deleted. Its sessions and
   * leases can no longer be renewed, so they expire. To end a lease at once, break it.
   */
  @Delete(':name')
  @Upkeep()
  @HttpCode(204)
  @ApiServiceName()
  @ApiNoContentResponse({ description: 'Service account deleted' })
  @ApiErrors('service_account_not_found', 'overloaded', 'store_unavailable')
  deleteServiceAccount(@Param('name') name: string, @CurrentOrigin() origin: Origin): Promise<void> {
    const attempt = this.attempts.onService('service.delete', name, origin);
    return this.refusals.watch(attempt, () => this.services.remove(name, origin));
  }
}
