import { ApiProperty } from '@nestjs/swagger';
import { StatusResponse } from '../health/health.dto.js';

export class AdminStatusResponse extends StatusResponse {
  @ApiProperty({
    description: 'The highest fencing token issued.',
    type: 'integer',
    format: 'int64',
    example: 42,
  })
  fencing_token!: number;

  @ApiProperty({
    description: 'The sequence of the last event in the log.',
    type: 'integer',
    format: 'int64',
    example: 99,
  })
  event_sequence!: number;

  @ApiProperty({
    description: 'Events up to this sequence have been removed from the log.',
    type: 'integer',
    format: 'int64',
    example: 0,
  })
  events_pruned_through!: number;

  @ApiProperty({
    description: 'The number of the current term. Each start of the server begins a new one.',
    type: 'integer',
    example: 3,
  })
  epoch!: number;

  @ApiProperty({ description: 'Commands that are waiting for the disk.', type: 'integer', example: 0 })
  pending_commands!: number;

  @ApiProperty({
    description: 'Whether new grants are refused because the disk is nearly full.',
    example: false,
  })
  storage_low!: boolean;

  @ApiProperty({ description: 'Open event streams.', type: 'integer', example: 2 })
  watchers!: number;

  @ApiProperty({ description: 'Webhooks of all users.', type: 'integer', example: 1 })
  webhooks!: number;

  @ApiProperty({ description: 'Webhook deliveries that are pending.', type: 'integer', example: 0 })
  webhook_deliveries_pending!: number;

  @ApiProperty({ description: 'Webhook deliveries that have failed for good.', type: 'integer', example: 0 })
  webhook_deliveries_dead!: number;
}
