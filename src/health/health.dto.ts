import { ApiProperty } from '@nestjs/swagger';
import { READINESS, type Readiness } from '../lifecycle/lifecycle.js';

export class LivenessResponse {
  @ApiProperty({ enum: ['alive'] })
  status!: 'alive';
}

export class ReadinessResponse {
  @ApiProperty({
    description:
      '`stopping`: the server is draining before it stops. `unavailable`: the database does not answer. `failed`: the server cannot write and is about to exit.',
    enum: READINESS,
  })
  status!: Readiness;
}

export class StatusResponse {
  @ApiProperty({ example: 'OctoStore' })
  service!: string;

  @ApiProperty({ description: 'The version of the server.', example: '1.0.0' })
  version!: string;

  @ApiProperty({ enum: READINESS })
  status!: Readiness;

  @ApiProperty({ description: 'The kind of database that keeps the state.', enum: ['sqlite', 'postgres'] })
  database!: 'sqlite' | 'postgres';

  @ApiProperty({ description: 'Seconds since the server started.', type: 'integer', example: 3600 })
  uptime_seconds!: number;

  @ApiProperty({ description: 'Locks that are held.', type: 'integer', example: 12 })
  locks_held!: number;

  @ApiProperty({ description: 'Sessions that are alive.', type: 'integer', example: 3 })
  sessions!: number;

  @ApiProperty({ description: 'Requests that are waiting for locks.', type: 'integer', example: 0 })
  waiters!: number;
}
