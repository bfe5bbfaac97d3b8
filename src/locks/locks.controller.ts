import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { LockName } from '../core/model/lock-name.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody, ValidQuery } from '../http/input/valid-input.decorators.js';
import { ApiLockName } from '../http/input/api-lock-name.decorator.js';
import { ClientGone } from '../http/connections/client-gone.decorator.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { LockNameParam } from '../http/input/lock-name.decorator.js';
import { ACQUIRE_EXAMPLES, AcquireLockRequest } from './dto/acquire.dto.js';
import { ReleaseLockRequest, RenewLockRequest } from './dto/lease.dto.js';
import { ListLocksQuery } from './dto/list-locks.dto.js';
import { ApiAcquireErrors } from './acquire/api-acquire.decorator.js';
import { ApiLeaseBroken } from './api-lease-broken.decorator.js';
import { LockList, LockResponse, ReleaseResponse } from './dto/lock-responses.dto.js';
import { LockDelayed, LockHeld, LockNotHeld, type LockStatus } from './dto/lock-status.dto.js';
import { LOCK_STATUS_REFERENCE } from './dto/lock-status.schema.js';
import { LockLister } from './lock-lister.js';
import { LocksService } from './locks.service.js';

@ApiTags('Locks')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('locks')
export class LocksController {
  constructor(
    private readonly locks: LocksService,
    private readonly lister: LockLister,
  ) {}

  /**
   * Acquire a lock
   *
   * @remarks Grants the lock if it is free. If you already hold it, this returns the same lease. The holder is the user together
   * with the session, so another session of the same user conflicts like any other client. Every grant has a fencing token that
   * is higher than all earlier ones. Make the resource that the lock protects reject lower tokens.
   *
   * You hold the lock alone unless you say otherwise. With `mode: "shared"` you hold it together with all others that say so. With a
   * `limit` the lock is counted, and goes to others with the same limit until all its permits are in use. Requests are served in
   * the order they arrive: while one is waiting, later ones wait behind it, even if they would fit.
   */
  @Post('*name/acquire')
  @Lean()
  @HttpCode(200)
  @ApiLockName()
  @ApiBody({ type: AcquireLockRequest, examples: ACQUIRE_EXAMPLES })
  @ApiOkResponse({ type: LockResponse, description: 'Lock acquired, or already held by you' })
  @ApiAcquireErrors()
  acquireLock(
    @LockNameParam() name: LockName,
    @ValidBody() body: AcquireLockRequest,
    @CurrentCaller() caller: Caller,
    @ClientGone() clientGone: ClientGone,
  ): Promise<LockResponse> {
    return this.locks.acquire(name, body, caller, clientGone);
  }

  /**
   * Release a lock
   *
   * @remarks If clients are waiting for the lock, the first one gets it immediately, unless you acquired it with `min_hold_seconds` and
   * they are not over yet. If the lease holds several locks, this releases all of them.
   */
  @Post('*name/release')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiLockName()
  @ApiOkResponse({ type: ReleaseResponse, description: 'Lock released' })
  @ApiErrors('malformed_json', 'body_too_large', 'forbidden', 'lock_not_found')
  @ApiLeaseBroken()
  releaseLock(
    @LockNameParam() name: LockName,
    @ValidBody() body: ReleaseLockRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<ReleaseResponse> {
    return this.locks.release(name, body, caller);
  }

  /**
   * Renew a lock's TTL
   *
   * @remarks The lease keeps its id and its fencing token, and ends `ttl_seconds` from now. An expired lease cannot be renewed,
   * even if no one else has acquired the lock since. If it holds several locks, this renews it for all of them. If someone has asked you to
   * release a lock, the reply says so.
   */
  @Post('*name/renew')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiLockName()
  @ApiOkResponse({ type: LockResponse, description: 'Lease renewed' })
  @ApiErrors('malformed_json', 'body_too_large', 'forbidden', 'lock_not_found', 'numbers_exhausted')
  @ApiLeaseBroken()
  renewLock(
    @LockNameParam() name: LockName,
    @ValidBody() body: RenewLockRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<LockResponse> {
    return this.locks.renew(name, body, caller);
  }

  /**
   * List held locks
   *
   * @remarks All locks that are currently held, in order of name. If several leases hold a lock, each has an entry, in the order
   * they were granted.
   */
  @Get()
  @ApiOkResponse({ type: LockList, description: 'A page of locks' })
  listLocks(@ValidQuery() query: ListLocksQuery, @CurrentCaller() caller: Caller): Promise<LockList> {
    return this.lister.list(query, caller);
  }

  /**
   * Get a lock's status
   *
   * @remarks If the lock is held, the reply says who holds it and until when. If it is delayed, it says when it becomes available. You can ask about any name.
   */
  @Get('*name')
  @Lean()
  @ApiLockName()
  @ApiExtraModels(LockHeld, LockNotHeld, LockDelayed)
  @ApiOkResponse({ description: 'Held, available, or not available yet', schema: LOCK_STATUS_REFERENCE })
  @ApiErrors('forbidden')
  getLock(@LockNameParam() name: LockName, @CurrentCaller() caller: Caller): Promise<LockStatus> {
    return this.locks.status(name, caller);
  }
}
