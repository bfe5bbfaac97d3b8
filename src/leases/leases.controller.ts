import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { LeaseId } from '../core/model/ids.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ClientGone } from '../http/connections/client-gone.decorator.js';
import { UuidPipe } from '../http/input/uuid.pipe.js';
import { ValidBody } from '../http/input/valid-input.decorators.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { ApiAcquireErrors } from '../locks/acquire/api-acquire.decorator.js';
import { ApiLeaseBroken } from '../locks/api-lease-broken.decorator.js';
import { EXAMPLE_LEASE_ID } from '../locks/dto/lease.dto.js';
import { ReleaseResponse } from '../locks/dto/lock-responses.dto.js';
import { ACQUIRE_LEASE_EXAMPLES, AcquireLeaseRequest, RenewLeaseRequest } from './dto/acquire-lease.dto.js';
import { LeaseResponse } from './dto/lease-response.dto.js';
import { LeasesService } from './leases.service.js';

const ApiLeaseId = (): MethodDecorator =>
  ApiParam({
    name: 'id',
    description: 'The `lease_id` that acquire returned.',
    schema: { type: 'string', format: 'uuid', example: EXAMPLE_LEASE_ID },
  });

const LeaseIdPipe = new UuidPipe('lock_not_found');

@ApiTags('Leases')
@Authenticated()
@ApiErrors('overloaded', 'store_unavailable')
@Controller('leases')
export class LeasesController {
  constructor(private readonly leases: LeasesService) {}

  /**
   * Acquire several locks at once
   *
   * @remarks Grants one lease on all locks, or none. If you wait, you have a place in the line of each lock, taken at the same moment. You
   * get the lease when all locks fit and no one before you is waiting for any of them. So requests for several locks cannot
   * deadlock each other. The lease has one id and one fencing token, and ends as a whole.
   */
  @Post()
  @Lean()
  @HttpCode(200)
  @ApiBody({ type: AcquireLeaseRequest, examples: ACQUIRE_LEASE_EXAMPLES })
  @ApiOkResponse({ type: LeaseResponse, description: 'Lease acquired, or already yours' })
  @ApiAcquireErrors()
  @ApiErrors('validation_failed')
  acquireLease(
    @ValidBody() body: AcquireLeaseRequest,
    @CurrentCaller() caller: Caller,
    @ClientGone() clientGone: ClientGone,
  ): Promise<LeaseResponse> {
    return this.leases.acquire(body, caller, clientGone);
  }

  /**
   * Renew a lease
   *
   * @remarks The lease keeps its id and its fencing token, and ends `ttl_seconds` from now, with all its locks. If someone has asked you to
   * release one of them, the reply says so.
   */
  @Post(':id/renew')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiLeaseId()
  @ApiOkResponse({ type: LeaseResponse, description: 'Lease renewed' })
  @ApiErrors(
    'malformed_json',
    'body_too_large',
    'validation_failed',
    'forbidden',
    'lock_not_found',
    'ambiguous_lease_id',
    'numbers_exhausted',
  )
  @ApiLeaseBroken()
  renewLease(
    @Param('id', LeaseIdPipe) id: LeaseId,
    @ValidBody() body: RenewLeaseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<LeaseResponse> {
    return this.leases.renew(id, body, caller);
  }

  /**
   * Get a lease
   *
   * @remarks One of your leases, with all its locks. Also works for leases that hold one lock.
   */
  @Get(':id')
  @Lean()
  @ApiLeaseId()
  @ApiOkResponse({ type: LeaseResponse, description: 'The lease' })
  @ApiErrors('lock_not_found', 'ambiguous_lease_id')
  @ApiLeaseBroken()
  getLease(@Param('id', LeaseIdPipe) id: LeaseId, @CurrentCaller() caller: Caller): Promise<LeaseResponse> {
    return this.leases.status(id, caller);
  }

  /**
   * Release a lease
   *
   * @remarks Releases all its locks. If clients are waiting for them, those get them immediately.
   */
  @Delete(':id')
  @Upkeep()
  @Lean()
  @ApiLeaseId()
  @ApiOkResponse({ type: ReleaseResponse, description: 'Lease released' })
  @ApiErrors('lock_not_found', 'ambiguous_lease_id')
  @ApiLeaseBroken()
  releaseLease(
    @Param('id', LeaseIdPipe) id: LeaseId,
    @CurrentCaller() caller: Caller,
  ): Promise<ReleaseResponse> {
    return this.leases.release(id, caller);
  }
}
