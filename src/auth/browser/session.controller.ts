import { Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { Upkeep } from '../../http/routes/traits.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../caller.js';
import { CurrentOrigin } from '../request-origins.js';
import { BrowserSessions } from './browser-sessions.js';
import { SessionPresenter } from './session-presenter.js';
import { CurrentBrowserSession } from './session.dto.js';

const SET_COOKIE = {
  'Set-Cookie': { description: 'The cookie of the session.', schema: { type: 'string' } },
} as const;

@ApiTags('Authentication')
@Controller('auth/session')
@Authenticated()
export class SessionController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly present: SessionPresenter,
  ) {}

  /**
   * Open a browser session with a token
   *
   * @remarks For a page of this server that asks people for a token. The session may do what the token may, and ends with it: when the
   * token expires, or is revoked or rotated. The answer sets a cookie that scripts cannot read.
   */
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: CurrentBrowserSession, description: 'Session opened', headers: SET_COOKIE })
  @ApiErrors('forbidden', 'overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  async openBrowserSession(
    @CurrentCaller() caller: Caller,
    @CurrentOrigin() origin: Origin,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CurrentBrowserSession> {
    return this.present.current(await this.sessions.openWith(caller, origin, request, response));
  }

  /**
   * Show your browser session
   *
   * @remarks Who is signed in, until when, and the CSRF token that changes need.
   */
  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: CurrentBrowserSession, description: 'Your session' })
  @ApiErrors('forbidden')
  getBrowserSession(@CurrentCaller() caller: Caller, @Req() request: Request): CurrentBrowserSession {
    return this.present.current(this.sessions.current(caller, request));
  }

  /**
   * Sign out
   *
   * @remarks Your browser session ends immediately, and its event streams and waiting requests end with it. Leases belong to your account
   * and are kept.
   */
  @Delete()
  @Upkeep()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'Signed out', headers: SET_COOKIE })
  @ApiErrors('forbidden', 'token_not_found', 'overloaded', 'store_unavailable')
  closeBrowserSession(
    @CurrentCaller() caller: Caller,
    @CurrentOrigin() origin: Origin,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    return this.sessions.signOut(caller, origin, request, response);
  }
}
