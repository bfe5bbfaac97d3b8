import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { AdminOrUser } from '../../auth/admin-only.decorator.js';
import { CurrentOperator, type Operator } from '../../auth/operator.js';
import { CurrentOrigin } from '../../auth/request-origins.js';
import type { LockName } from '../../core/model/lock-name.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiLockName } from '../../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../../http/input/lock-name.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { BREAK_EXAMPLES, BreakLockRequest, LockBroken } from './break.dto.js';
import { Breaker } from './breaker.js';

/** Apart from the other routes of locks, because it is for operators. */
@ApiTags('Locks')
@AdminOrUser()
@Controller('locks')
export class BreakController {
  constructor(private readonly breaker: Breaker) {}

  /**
   * Break a lock
   *
   * @remarks For administrators, and for users to whom the policy grants `break` on all locks of the leases. Ends all leases of a lock, or the one with the fencing token. A lease of several locks ends as a whole. For an hour, its former holder gets 410 `lease_broken` with your reason when it renews or releases the lease. If
   * the lease has a `lock_delay_seconds`, the lock is then `delayed`. Break it once more to end that.
   *
   * The former holder may still be working. Only the fencing token keeps it from doing harm.
   */
  @Post('*name/break')
  @Upkeep()
  @HttpCode(200)
  @ApiLockName()
  @ApiBody({ type: BreakLockRequest, examples: BREAK_EXAMPLES })
  @ApiOkResponse({ type: LockBroken, description: 'Lock broken' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'lock_not_found')
  @ApiErrors('overloaded', 'store_unavailable')
  breakLock(
    @LockNameParam() name: LockName,
    @ValidBody() body: BreakLockRequest,
    @CurrentOperator() operator: Operator,
    @CurrentOrigin() origin: Origin,
  ): Promise<LockBroken> {
    return this.breaker.break(name, body, operator, origin);
  }
}
