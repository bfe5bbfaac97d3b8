import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import type { LeaseId } from '../../core/model/ids.js';
import type { LockName } from '../../core/model/lock-name.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiLockName } from '../../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../../http/input/lock-name.decorator.js';
import { UuidPipe } from '../../http/input/uuid.pipe.js';
import { Lean, Upkeep } from '../../http/routes/traits.js';
import { LeftQueue, Queue } from './queue.dto.js';
import { QueuesService } from './queues.service.js';

@ApiTags('Locks')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('queues')
export class QueuesController {
  constructor(private readonly queues: QueuesService) {}

  /**
   * Get the line of a lock
   *
   * @remarks The requests that wait for the lock, in the order of arrival. If a wait ended because its time ran out or its connection broke, its place
   * is kept for a few seconds, in case the client asks again. Such places are in the list, and are passed over.
   */
  @Get('*name')
  @Lean()
  @ApiLockName()
  @ApiOkResponse({ type: Queue, description: 'The line' })
  @ApiErrors('forbidden')
  getQueue(@LockNameParam() name: LockName, @CurrentCaller() caller: Caller): Promise<Queue> {
    return this.queues.queue(name, caller);
  }

  /**
   * Leave the line of a lock
   *
   * @remarks Ends your request with this lease id, for all locks that it asks for. If a client is waiting for its answer, that client
   * gets a 409.
   */
  @Delete('*name/:lease_id')
  @Upkeep()
  @Lean()
  @ApiLockName()
  @ApiParam({
    name: 'lease_id',
    description: 'The `lease_id` of the request that waits.',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiOkResponse({ type: LeftQueue, description: 'You left the line' })
  @ApiErrors('forbidden', 'place_not_found')
  leaveQueue(
    @LockNameParam() name: LockName,
    @Param('lease_id', new UuidPipe('place_not_found')) leaseId: LeaseId,
    @CurrentCaller() caller: Caller,
  ): Promise<LeftQueue> {
    return this.queues.leave(name, leaseId, caller);
  }
}
