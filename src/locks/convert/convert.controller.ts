import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import type { LockName } from '../../core/model/lock-name.js';
import { ERRORS } from '../../errors/error-table.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { RETRY_AFTER } from '../../http/answer/documented-headers.js';
import { ApiLockName } from '../../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../../http/input/lock-name.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { Upkeep } from '../../http/routes/traits.js';
import { ApiLeaseBroken } from '../api-lease-broken.decorator.js';
import { LockConflict } from '../dto/lock-conflict.dto.js';
import { LockResponse } from '../dto/lock-responses.dto.js';
import { ConvertLockRequest } from './convert.dto.js';
import { Converter } from './converter.js';

@ApiTags('Locks')
@Authenticated()
@Controller('locks')
export class ConvertController {
  constructor(private readonly converter: Converter) {}

  /**
   * Change the mode in which you hold a lock
   *
   * @remarks You hold the lock without interruption. From `exclusive` to `shared` always works. It keeps the fencing token, and lets in clients
   * that wait to share the lock. From `shared` to `exclusive` works if no other lease holds the lock, and does not wait for
   * those in line. The lease then has a new fencing token, for all its locks. Otherwise the response is 409. A counted lock has no other mode.
   */
  @Post('*name/convert')
  @Upkeep()
  @HttpCode(200)
  @ApiLockName()
  @ApiOkResponse({ type: LockResponse, description: 'You hold the lock in this mode' })
  @ApiResponse({
    status: 409,
    type: LockConflict,
    headers: RETRY_AFTER,
    description: `\`lock_held\`: ${ERRORS.lock_held.message}`,
  })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'lock_not_found')
  @ApiErrors('overloaded', 'store_unavailable', 'numbers_exhausted')
  @ApiLeaseBroken()
  convertLock(
    @LockNameParam() name: LockName,
    @ValidBody() body: ConvertLockRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<LockResponse> {
    return this.converter.convert(name, body, caller);
  }
}
