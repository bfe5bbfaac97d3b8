import { Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Accounts } from './accounts.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentCaller, type Caller } from './caller.js';
import { CurrentOrigin } from './request-origins.js';
import { RotatedToken } from './token.dto.js';

@ApiTags('Authentication')
@Controller('auth/token')
@Authenticated()
export class TokenController {
  constructor(private readonly accounts: Accounts) {}

  @Post('rotate')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Rotate the bearer token',
    description:
      'Replaces your token with a new one. The old token ends immediately. Leases and sessions belong to the account and are kept.',
  })
  @ApiOkResponse({ type: RotatedToken, description: 'Token rotated.' })
  @ApiErrors('overloaded', 'store_unavailable')
  async rotateToken(
    @CurrentCaller() { tokenHash, userId, login }: Caller,
    @CurrentOrigin() origin: Origin,
  ): Promise<RotatedToken> {
    const token = await this.accounts.changes.rotate(tokenHash, origin);
    return { token, user_id: userId, github_username: login };
  }
}
