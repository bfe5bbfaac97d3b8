import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { SessionId } from '../core/model/ids.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody, ValidQuery } from '../http/input/valid-input.decorators.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { UuidPipe } from '../http/input/uuid.pipe.js';
import {
  CreateSessionRequest,
  CreatedSession,
  KeepAliveResponse,
  ListSessionsQuery,
  SessionList,
  SessionStatusResponse,
} from './dto/session.dto.js';
import { SessionsService } from './sessions.service.js';

const ApiSessionId = (): MethodDecorator =>
  ApiParam({ name: 'id', description: 'Session id', schema: { type: 'string', format: 'uuid' } });

const SessionIdPipe = new UuidPipe('session_not_found');

@ApiTags('Sessions')
@Authenticated()
@ApiErrors('overloaded', 'store_unavailable')
@Controller('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * Create a session
   *
   * @remarks A session stays alive as long as you send keepalives. When it ends, all leases acquired with its id are released.
   */
  @Post()
  @Lean()
  @ApiCreatedResponse({ type: CreatedSession, description: 'Session created' })
  @ApiErrors(
    'malformed_json',
    'body_too_large',
    'validation_failed',
    'session_limit_exceeded',
    'too_many_sessions',
    'shutting_down',
    'storage_low',
  )
  createSession(
    @ValidBody() body: CreateSessionRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<CreatedSession> {
    return this.sessions.create(body, caller);
  }

  /**
   * List your sessions
   *
   * @remarks Those that are alive, in order of their ids. A token with scopes sees those that it has opened itself.
   */
  @Get()
  @ApiOkResponse({ type: SessionList, description: 'A page of sessions' })
  @ApiErrors('validation_failed')
  listSessions(
    @ValidQuery() query: ListSessionsQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionList> {
    return this.sessions.list(query, caller);
  }

  /**
   * Keep a session alive
   *
   * @remarks The session now lasts its full TTL again, counted from this call.
   */
  @Post(':id/keepalive')
  @Upkeep()
  @Lean()
  @HttpCode(200)
  @ApiSessionId()
  @ApiOkResponse({ type: KeepAliveResponse, description: 'Session extended' })
  @ApiErrors('session_not_found', 'session_expired')
  keepSessionAlive(
    @Param('id', SessionIdPipe) id: SessionId,
    @CurrentCaller() caller: Caller,
  ): Promise<KeepAliveResponse> {
    return this.sessions.keepAlive(id, caller);
  }

  /**
   * Get a session's status
   *
   * @remarks If the session expired within the last hour, the response is 410. If it never existed or is not yours, the response
   * is 404.
   */
  @Get(':id')
  @Lean()
  @ApiSessionId()
  @ApiOkResponse({ type: SessionStatusResponse, description: 'Session status' })
  @ApiErrors('session_not_found', 'session_expired')
  getSession(
    @Param('id', SessionIdPipe) id: SessionId,
    @CurrentCaller() caller: Caller,
  ): Promise<SessionStatusResponse> {
    return this.sessions.status(id, caller);
  }

  /**
   * Terminate a session
   *
   * @remarks Releases all its locks immediately.
   */
  @Delete(':id')
  @Upkeep()
  @Lean()
  @HttpCode(204)
  @ApiSessionId()
  @ApiNoContentResponse({ description: 'Session terminated' })
  @ApiErrors('session_not_found', 'session_expired')
  terminateSession(
    @Param('id', SessionIdPipe) id: SessionId,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.sessions.close(id, caller);
  }
}
