import { ApiProperty } from '@nestjs/swagger';
import { READINESS, type Readiness } from '../lifecycle/lifecycle.js';
import { ROLES, type Role } from '../lifecycle/roles.js';

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

  @ApiProperty({
    description:
      '`leader`: the server serves requests itself. `standby`: it forwards them to the server that leads. A server with SQLite always leads.',
    enum: ROLES,
  })
  role!: Role;

  @ApiProperty({
    description: 'The number of the term, which is the time during which one server leads. It only ever increases.',
    type: 'integer',
    example: 7,
  })
  term!: number;

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
