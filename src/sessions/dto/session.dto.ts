import { ApiProperty } from '@nestjs/swagger';
import { SESSION_TTL_SECONDS } from '../../core/model/limits.js';
import { ApiNextCursor, CursorField } from '../../http/input/cursor-fields.js';
import { IntegerField } from '../../http/input/fields.js';

const SESSION_ID = '550e8400-e29b-41d4-a716-446655440000';

export class CreateSessionRequest {
  @IntegerField(SESSION_TTL_SECONDS, {
    description: 'How long the session lasts without a keepalive, in seconds.',
    example: 60,
    optional: true,
  })
  ttl_seconds?: number | null;
}

export class KeepAliveResponse {
  @ApiProperty({ format: 'uuid', example: SESSION_ID })
  session_id!: string;

  @ApiProperty({
    description: 'When the session ends, unless you send a keepalive.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  expires_at!: string;
}

export class CreatedSession extends KeepAliveResponse {
  @ApiProperty({
    description: 'The recommended number of seconds between keepalives: half of the TTL.',
    type: 'integer',
    example: 30,
  })
  keepalive_interval_secs!: number;
}

export class SessionStatusResponse extends KeepAliveResponse {
  @ApiProperty({ format: 'uuid', example: '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69' })
  user_id!: string;

  @ApiProperty({ description: 'The number of locks that the session holds.', type: 'integer', example: 2 })
  lock_count!: number;

  @ApiProperty({ description: 'Whether the session is alive.', example: true })
  active!: boolean;
}

export const SESSIONS_PAGE = { min: 1, max: 1_000, default: 100 } as const;

export class ListSessionsQuery {
  @IntegerField(SESSIONS_PAGE, { description: 'The maximum number of sessions per page.', optional: true })
  limit?: number;

  @CursorField()
  cursor?: string;
}

export class ListedSession extends KeepAliveResponse {
  @ApiProperty({
    description: 'How long the session lasts without a keepalive, in seconds.',
    type: 'integer',
    example: 60,
  })
  ttl_seconds!: number;

  @ApiProperty({ description: 'The number of locks that the session holds.', type: 'integer', example: 2 })
  lock_count!: number;
}

export class SessionList {
  @ApiProperty({ type: [ListedSession] })
  sessions!: ListedSession[];

  @ApiNextCursor()
  next_cursor!: string | null;
}
