import { applyDecorators, Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentCaller, type AuthenticatedRequest, type Caller } from '../auth/caller.js';
import type { LockName } from '../core/model/lock-name.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidQuery } from '../http/input/valid-input.decorators.js';
import { ApiLockName } from '../http/input/api-lock-name.decorator.js';
import { LockNameParam } from '../http/input/lock-name.decorator.js';
import { LockEventBody } from './event.dto.js';
import { LocksState, StreamEnd, StreamReset, WatchedLockHeld } from './frames.dto.js';
import { eventStreamSchema, LOCK_STATE_PATH, LOCKS_STATE_PATH } from './frames.schema.js';
import { EVENT_LIST, type EventTypes } from './event-types.js';
import { LastEventId } from './last-event-id.decorator.js';
import { WATCHED_EVENTS, WatchQuery } from './watch.dto.js';
import { WatchedTypes } from './watched-types.decorator.js';
import { Watches } from './watches.js';

const FRAMES =
  'Each frame has an `event` (`state` first, then the types of events that you want), JSON in `data`, and the ' +
  "event's sequence in `id`. To resume without a gap, send the last `id` that you received as `Last-Event-ID`. If the log no " +
  'longer reaches back that far, you receive a `reset` frame, and then the current state. If your token expires or is revoked, the last ' +
  'frame is `end`, whose `code` is `token_expired`, `sign_in_required` or `unauthorized`. Come back with another token, and the last `id`.';

const ApiEventStream = (statePath: string): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({
      description: FRAMES,
      content: { 'text/event-stream': { schema: eventStreamSchema(statePath) } },
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'The `id` of the last frame that you received.',
      schema: { type: 'string', pattern: '^[0-9]{1,16}$' },
    }),
    ApiErrors('validation_failed', 'too_many_watchers', 'overloaded', 'store_unavailable'),
  );

@ApiTags('Locks')
@Authenticated()
@ApiExtraModels(LockEventBody, LocksState, StreamEnd, StreamReset, WatchedLockHeld)
@Controller()
export class WatchController {
  constructor(private readonly watches: Watches) {}

  /**
   * Watch a lock
   *
   * @remarks A stream of Server-Sent Events: the lock's current state, then everything that happens to it.
   */
  @Get('locks/*name/watch')
  @ApiLockName()
  @ApiQuery({
    name: 'events',
    required: false,
    schema: { type: 'string', pattern: EVENT_LIST.pattern },
    ...WATCHED_EVENTS,
  })
  @ApiEventStream(LOCK_STATE_PATH)
  @ApiErrors('forbidden')
  watchLock(
    @LockNameParam() lockName: LockName,
    @WatchedTypes() types: EventTypes,
    @LastEventId() lastEventId: number | null,
    @CurrentCaller() caller: Caller,
    @Req() request: AuthenticatedRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.watches.open(
      { selector: { kind: 'lock', lockName }, types },
      caller,
      lastEventId,
      request,
      response,
    );
  }

  /**
   * Watch many locks
   *
   * @remarks The same, for all locks whose names begin with `prefix`. The `state` arrives in frames of several hundred locks. In
   * the last one `complete` is true.
   */
  @Get('watch')
  @ApiEventStream(LOCKS_STATE_PATH)
  watchLocks(
    @ValidQuery() { prefix }: WatchQuery,
    @WatchedTypes() types: EventTypes,
    @LastEventId() lastEventId: number | null,
    @CurrentCaller() caller: Caller,
    @Req() request: AuthenticatedRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.watches.open(
      { selector: { kind: 'prefix', prefix: prefix ?? '' }, types },
      caller,
      lastEventId,
      request,
      response,
    );
  }
}
