import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import type { SessionId } from '../core/model/ids.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody } from '../http/input/valid-input.decorators.js';
import { Lean, Upkeep } from '../http/routes/traits.js';
import { UuidPipe } from '../http/input/uuid.pipe.js';
import {
  CreateSessionRequest,
  CreatedSession,
  KeepAliveResponse,
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
   * @remarks Leases acquired with the session's id are freed when it ends, which it does when nobody keeps it alive.
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
   * Keep a session alive
   *
   * @remarks The session ends its original TTL from now, instead of at its present end.
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
   * @remarks A session that expired within the last hour is answered with 410, one that never was, or is not yours, with 404.
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
   * @remarks Frees all its locks at once.
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
