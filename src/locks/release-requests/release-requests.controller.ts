import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import type { LockName } from '../../core/model/lock-name.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiLockName } from '../../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../../http/input/lock-name.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { RequestReleaseRequest, ReleaseRequestSent } from './release-request.dto.js';
import { ReleaseRequester } from './release-requester.js';

@ApiTags('Locks')
@Authenticated()
@Controller('locks')
export class ReleaseRequestsController {
  constructor(private readonly requester: ReleaseRequester) {}

  /**
   * Ask the holders of a lock to release it
   *
   * @remarks Each holder finds your request in the replies to its renewals, as `release_requested`, until its lease ends. The holders decide what
   * they do. A later request replaces an earlier one. You can ask for the same lock five times a minute. Event streams and
   * webhooks that name the type `release_requested` get an event.
   */
  @Post('*name/request-release')
  @HttpCode(200)
  @ApiLockName()
  @ApiOkResponse({ type: ReleaseRequestSent, description: 'The holders will be asked' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'lock_not_found')
  @ApiErrors('rate_limited')
  @ApiErrors('overloaded', 'store_unavailable', 'numbers_exhausted')
  requestRelease(
    @LockNameParam() name: LockName,
    @ValidBody() body: RequestReleaseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<ReleaseRequestSent> {
    return this.requester.request(name, body, caller);
  }
}
