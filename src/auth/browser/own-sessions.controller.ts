import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { Upkeep } from '../../http/routes/traits.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../caller.js';
import { CurrentOrigin } from '../request-origins.js';
import { BrowserSessions } from './browser-sessions.js';
import { SessionPresenter } from './session-presenter.js';
import { BrowserSessionList } from './session.dto.js';

@ApiTags('Authentication')
@Controller('me/sessions')
@Authenticated()
export class OwnSessionsController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly present: SessionPresenter,
  ) {}

  /**
   * List your browser sessions
   *
   * @remarks Oldest first. The sessions that hold locks are others: see `/sessions/{id}`.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: BrowserSessionList, description: 'Your browser sessions' })
  listBrowserSessions(@CurrentCaller() caller: Caller): BrowserSessionList {
    return { sessions: this.sessions.list(caller).map((session) => this.present.listed(session, caller)) };
  }

  /**
   * End one of your browser sessions
   *
   * @remarks It ends immediately, even if it is the one that you send, and its event streams and waiting requests end with it.
   */
  @Delete(':id')
  @Upkeep()
  @HttpCode(204)
  @ApiParam({ name: 'id', description: 'The id of the browser session', schema: { type: 'string' } })
  @ApiNoContentResponse({ description: 'Session ended' })
  @ApiErrors('session_not_found', 'token_not_found', 'overloaded', 'store_unavailable')
  endBrowserSession(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @CurrentOrigin() origin: Origin,
  ): Promise<void> {
    return this.sessions.end(caller, id, origin);
  }
}
