import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import type { LockName } from '../../core/model/lock-name.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiLockName } from '../../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../../http/input/lock-name.decorator.js';
import { LockExplanation } from './explanation.dto.js';
import { ExplainService } from './explain.service.js';

@ApiTags('Locks')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('explain')
export class ExplainController {
  constructor(private readonly explanations: ExplainService) {}

  /**
   * Explain a lock
   *
   * @remarks Who holds the lock, since when and how close its renewals were, what each request in line waits for and when it is likely to
   * be served, and how the lock was lost before. The summaries say it in words. You can ask about any name.
   */
  @Get('*name')
  @ApiLockName()
  @ApiOkResponse({ type: LockExplanation, description: 'The explanation' })
  @ApiErrors('forbidden')
  explainLock(@LockNameParam() name: LockName, @CurrentCaller() caller: Caller): Promise<LockExplanation> {
    return this.explanations.explain(name, caller);
  }
}
