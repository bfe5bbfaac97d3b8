import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ApiReturned, ApiReturnTo } from '../browser/api-return-to.decorator.js';
import { ReturnToGuard } from '../browser/return-to.guard.js';
import { SignInEnd } from '../browser/sign-in-end.js';
import { UnknownOrigin } from '../request-origins.js';
import { ProvenIdentity } from '../sign-in/proven-identity.decorator.js';
import type { Proven } from '../sign-in/proven.js';
import { SignInRateGuard } from '../sign-in/sign-in-rate.guard.js';
import { SignInResponse } from '../sign-in/sign-in.dto.js';
import { FinishOidcSignInGuard, StartOidcSignInGuard } from './oidc.guards.js';

@ApiTags('Authentication')
@Controller('auth/oidc')
@UseGuards(SignInRateGuard)
@ApiErrors('sign_in_not_configured', 'overloaded', 'rate_limited', 'oidc_unavailable')
export class OidcController {
  constructor(private readonly end: SignInEnd) {}

  /**
   * Sign in with OpenID Connect
   *
   * @remarks Redirects the browser to the provider of this server, which asks the user and redirects back to `/auth/oidc/callback`. Open
   * this address in a browser. Finish the sign-in in the same browser within ten minutes. With `return_to`, the sign-in ends in a browser
   * session instead of a token, and the browser returns to that address.
   */
  @Get()
  @UseGuards(ReturnToGuard, StartOidcSignInGuard)
  @ApiReturnTo()
  @ApiResponse({
    status: 302,
    description: 'Redirect to the provider.',
    headers: {
      Location: {
        description: "The provider's authorization page.",
        schema: { type: 'string', example: 'https://login.example.com/authorize?client_id=...' },
      },
      'Set-Cookie': {
        description: 'Ties the sign-in to this browser. It is sent only to the callback and is used once.',
        schema: { type: 'string' },
      },
    },
  })
  startOidcSignIn(): void {
    // The guard has already sent the response.
  }

  /**
   * Finish signing in with OpenID Connect
   *
   * @remarks The provider redirects the browser to this address. The response contains a new bearer token, which is never shown again.
   * Each sign-in issues a token, and an account keeps its latest 100.
   */
  @Get('callback')
  @UseGuards(FinishOidcSignInGuard)
  @ApiQuery({ name: 'code', required: true, type: String, description: "The provider's authorization code." })
  @ApiQuery({
    name: 'state',
    required: true,
    type: String,
    description: 'The state that was sent to the provider at the start of the sign-in.',
  })
  @ApiQuery({
    name: 'iss',
    required: false,
    type: String,
    description: 'The issuer of the code, if the provider names it.',
  })
  @ApiOkResponse({ type: SignInResponse, description: 'Signed in.' })
  @ApiReturned()
  @ApiErrors('sign_in_failed', 'sign_in_not_allowed')
  @ApiErrors('shutting_down', 'storage_low', 'store_unavailable')
  finishOidcSignIn(
    @ProvenIdentity() proven: Proven,
    @UnknownOrigin() origin: Origin,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.end.answer({ proven, origin, request, response });
  }
}
