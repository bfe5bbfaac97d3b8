import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { FenceName } from '../core/model/fence.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody } from '../http/input/valid-input.decorators.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { ApiTokenCheck } from './api-fence.decorator.js';
import { FenceResponse, FencingTokenRequest } from './dto/fence.dto.js';
import { ApiFenceName, FenceNameParam } from './fence-name.decorator.js';
import { FencesService } from './fences.service.js';

@ApiTags('Fences')
@Authenticated()
@ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
@Controller('fences')
export class FencesController {
  constructor(private readonly fences: FencesService) {}

  /**
   * Advance a fence to a token
   *
   * @remarks Call this before you change what the lock protects. If it succeeds, the fence refuses every lower token from now on, so no earlier
   * holder gets past it. If the fence has seen a higher token, someone else holds the lock: stop. The token that the fence has seen last
   * succeeds any number of times. The first call creates the fence, and it counts in your limit of fences.
   */
  @Post('*name/advance')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiFenceName()
  @ApiTokenCheck()
  @ApiErrors('fence_limit_exceeded', 'too_many_fences', 'shutting_down', 'storage_low')
  advanceFence(
    @FenceNameParam() name: FenceName,
    @ValidBody() body: FencingTokenRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<FenceResponse> {
    return this.fences.advance(name, body, caller);
  }

  /**
   * Check a token against a fence
   *
   * @remarks Answers as an advance would, and changes nothing. Use it if you hold the lock together with others and only read: a reader must not
   * shut out the other readers. A fence that does not exist has seen no token.
   */
  @Post('*name/check')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiFenceName()
  @ApiTokenCheck()
  checkFence(
    @FenceNameParam() name: FenceName,
    @ValidBody() body: FencingTokenRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<FenceResponse> {
    return this.fences.check(name, body, caller);
  }

  /**
   * Get a fence
   *
   * @remarks The highest token that the fence has seen, or 0 if there is no such fence.
   */
  @Get('*name')
  @Lean()
  @ApiFenceName()
  @ApiOkResponse({ type: FenceResponse, description: 'The fence' })
  @ApiErrors('forbidden')
  getFence(@FenceNameParam() name: FenceName, @CurrentCaller() caller: Caller): Promise<FenceResponse> {
    return this.fences.get(name, caller);
  }
}
