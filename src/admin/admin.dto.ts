import { ApiProperty } from '@nestjs/swagger';
import { StatusResponse } from '../health/health.dto.js';

export class AdminStatusResponse extends StatusResponse {
  @ApiProperty({
    description: 'Highest fencing token issued.',
    type: 'integer',
    format: 'int64',
    example: 42,
  })
  fencing_token!: number;

  @ApiProperty({ description: 'Last event in the log.', type: 'integer', format: 'int64', example: 99 })
  event_sequence!: number;

  @ApiProperty({
    description: 'Events up to this one have been pruned.',
    type: 'integer',
    format: 'int64',
    example: 0,
  })
  events_pruned_through!: number;

  @ApiProperty({ description: 'Number of the process start that writes.', type: 'integer', example: 3 })
  epoch!: number;

  @ApiProperty({ description: 'Callers that wait for the disk.', type: 'integer', example: 0 })
  pending_commands!: number;

  @ApiProperty({ description: 'Whether new grants are refused for lack of disk space.', example: false })
  storage_low!: boolean;

  @ApiProperty({ description: 'Open event streams.', type: 'integer', example: 2 })
  watchers!: number;

  @ApiProperty({ description: 'Webhooks of all users.', type: 'integer', example: 1 })
  webhooks!: number;

  @ApiProperty({ description: 'Webhook deliveries that wait to be made.', type: 'integer', example: 0 })
  webhook_deliveries_pending!: number;

  @ApiProperty({ description: 'Webhook deliveries that were given up.', type: 'integer', example: 0 })
  webhook_deliveries_dead!: number;
}
