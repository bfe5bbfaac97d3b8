import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiReturned, ApiReturnTo } from '../browser/api-return-to.decorator.js';
import { ReturnToGuard } from '../browser/return-to.guard.js';
import { SignInEnd } from '../browser/sign-in-end.js';
import type { Request, Response } from 'express';
import { ProvenIdentity } from '../sign-in/proven-identity.decorator.js';
import type { Proven } from '../sign-in/proven.js';
import { SignInRateGuard } from '../sign-in/sign-in-rate.guard.js';
import { SignInResponse } from '../sign-in/sign-in.dto.js';
import { UnknownOrigin } from '../request-origins.js';
import { FinishGitHubSignInGuard, StartGitHubSignInGuard } from './sign-in.guards.js';

@ApiTags('Authentication')
@Controller('auth/github')
@UseGuards(SignInRateGuard)
@ApiErrors('sign_in_not_configured', 'overloaded', 'rate_limited')
export class GitHubController {
  constructor(private readonly end: SignInEnd) {}

  @Get()
  @UseGuards(ReturnToGuard, StartGitHubSignInGuard)
  @ApiOperation({
    summary: 'Sign in with GitHub',
    description:
      'Redirects the browser to GitHub, which asks the user and redirects back to `/auth/github/callback`. Open this address in a browser. Finish the sign-in in the same browser within ten minutes. With `return_to`, the sign-in ends in a browser session instead of a token, and the browser returns to that address.',
  })
  @ApiReturnTo()
  @ApiResponse({
    status: 302,
    description: 'Redirect to GitHub.',
    headers: {
      Location: {
        description: "GitHub's authorization page.",
        schema: { type: 'string', example: 'https://github.com/login/oauth/authorize?client_id=...' },
      },
      'Set-Cookie': {
        description: 'Ties the sign-in to this browser. It is sent only to the callback and is used once.',
        schema: { type: 'string' },
      },
    },
  })
  startSignIn(): void {
    // The guard has already sent the response.
  }

  @Get('callback')
  @UseGuards(FinishGitHubSignInGuard)
  @ApiOperation({
    summary: 'Finish signing in with GitHub',
    description:
      'GitHub redirects the browser to this address. The response contains a new bearer token, which is never shown again. Each sign-in issues a token, and an account keeps its latest 100.',
  })
  @ApiQuery({ name: 'code', required: true, type: String, description: "GitHub's authorization code." })
  @ApiQuery({
    name: 'state',
    required: true,
    type: String,
    description: 'The state that was sent to GitHub at the start of the sign-in.',
  })
  @ApiOkResponse({ type: SignInResponse, description: 'Signed in.' })
  @ApiReturned()
  @ApiErrors('sign_in_failed', 'sign_in_not_allowed', 'github_unavailable')
  @ApiErrors('shutting_down', 'storage_low', 'overloaded', 'store_unavailable')
  finishSignIn(
    @ProvenIdentity() proven: Proven,
    @UnknownOrigin() origin: Origin,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.end.answer({ proven, origin, request, response });
  }
}
