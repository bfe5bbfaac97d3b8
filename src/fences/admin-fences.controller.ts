import { Controller, Delete, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { AdminOrUser } from '../auth/admin-only.decorator.js';
import { CurrentOperator, type Operator } from '../auth/operator.js';
import { CurrentOrigin } from '../auth/request-origins.js';
import type { FenceName } from '../core/model/fence.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Upkeep } from '../http/routes/traits.js';
import { ApiFenceName, FenceNameParam } from './fence-name.decorator.js';
import { FencesService } from './fences.service.js';

@ApiTags('Fences')
@AdminOrUser()
@Controller('fences')
export class AdminFencesController {
  constructor(private readonly fences: FencesService) {}

  /**
   * Delete a fence
   *
   * @remarks For administrators, and for users to whom the policy grants `administer` on the name. Makes room for others. The fence forgets what it has seen: if it is used again, it accepts every token that was ever issued. So
   * delete only fences whose resource no longer exists.
   */
  @Delete('*name')
  @Upkeep()
  @HttpCode(204)
  @ApiFenceName()
  @ApiNoContentResponse({ description: 'Fence deleted' })
  @ApiErrors('validation_failed', 'fence_not_found', 'overloaded', 'store_unavailable')
  deleteFence(
    @FenceNameParam() name: FenceName,
    @CurrentOperator() operator: Operator,
    @CurrentOrigin() origin: Origin,
  ): Promise<void> {
    return this.fences.delete(name, operator, origin);
  }
}
