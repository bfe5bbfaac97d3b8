import { ApiProperty } from '@nestjs/swagger';
import {
  GONE_AFTER_MS,
  REPLICA_ROLES,
  TERM_REASONS,
  type ReplicaRole,
  type TermReason,
} from '../journal/cluster.js';

/** One of the servers on the database. */
export class ReplicaBody {
  @ApiProperty({
    description: 'Where the other servers reach it. Null with SQLite, which only one server can use.',
    type: 'string',
    nullable: true,
    example: 'http://10.0.0.5:3000',
  })
  url!: string | null;

  @ApiProperty({ description: 'The version of OctoStore that it runs.', example: '1.0.0' })
  version!: string;

  @ApiProperty({
    description: `\`gone\`: it was last seen more than ${GONE_AFTER_MS / 1000} s ago.`,
    enum: REPLICA_ROLES,
  })
  role!: ReplicaRole;

  @ApiProperty({
    description: 'When it started, by the clock of the database.',
    format: 'date-time',
  })
  started_at!: string;

  @ApiProperty({ description: 'Seconds since it was last seen.', type: 'number', example: 0.4 })
  seen_seconds_ago!: number;

  @ApiProperty({ description: 'Whether it has the same settings and secret key as the leader.' })
  same_settings!: boolean;
}

/** The time during which one server led. */
export class TermBody {
  @ApiProperty({ description: 'The number of the term.', type: 'integer', example: 7 })
  term!: number;

  @ApiProperty({
    description: 'The server that led. Null if a command began the term.',
    type: 'string',
    nullable: true,
    example: 'http://10.0.0.5:3000',
  })
  leader_url!: string | null;

  @ApiProperty({ description: 'When it began, by the clock of the database.', format: 'date-time' })
  began_at!: string;

  @ApiProperty({
    description:
      'Why it began. `first`: the database was new. `resigned`: the leader before had stopped. `silent`: the leader before was silent for too long. `restored`: the database was declared restored. `restart`: the leader began again.',
    enum: TERM_REASONS,
  })
  reason!: TermReason;

  @ApiProperty({
    description: 'How many fencing tokens and sequences it skipped, because commits may have been lost.',
    type: 'integer',
    example: 0,
  })
  skipped!: number;
}

export class ReplicaList {
  @ApiProperty({ description: 'The leader first.', type: [ReplicaBody] })
  replicas!: ReplicaBody[];

  @ApiProperty({
    description: 'The latest terms, the newest first. None with SQLite.',
    type: [TermBody],
  })
  terms!: TermBody[];
}
