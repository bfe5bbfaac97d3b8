import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { LockName } from '../core/model/lock-name.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ApiLockName } from '../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../http/input/lock-name.decorator.js';
import { ValidQuery } from '../http/input/valid-input.decorators.js';
import { LockHistoryQuery, LockHistory } from './history.dto.js';
import { HistoryService } from './history.service.js';

@ApiTags('Locks')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('history')
export class HistoryController {
  constructor(private readonly histories: HistoryService) {}

  /**
   * Get the history of a lock
   *
   * @remarks Which leases held the lock, when, and how they ended, the latest grant first. The server knows the latest 100 leases of each
   * lock and 100,000 in all, as far back as its event log goes. You can ask about any name.
   */
  @Get('*name')
  @ApiLockName()
  @ApiOkResponse({ type: LockHistory, description: 'The history' })
  @ApiErrors('forbidden')
  getHistory(
    @LockNameParam() name: LockName,
    @ValidQuery() query: LockHistoryQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<LockHistory> {
    return this.histories.history(name, query, caller);
  }
}
