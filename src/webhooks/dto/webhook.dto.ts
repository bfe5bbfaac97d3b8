import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { LOCK_EVENT_TYPES } from '../../core/event.js';
import { ALL_EVENTS, type EventFilter } from '../webhook.js';
import { WEBHOOK_URL_LENGTH_MAX, WEBHOOK_URL_SHAPE } from '../webhook-url.js';
import { EventFiltersField, LockPatternField, SecretField } from './webhook-fields.js';

export class CreateWebhookRequest {
  @ApiProperty({
    description: 'HTTPS URL to POST event payloads to. It must not hold credentials.',
    maxLength: WEBHOOK_URL_LENGTH_MAX,
    pattern: WEBHOOK_URL_SHAPE,
    example: 'https://example.com/hooks/octostore',
  })
  @IsString({ message: '$property must be a text.' })
  url!: string;

  @SecretField()
  secret?: string | null;

  @EventFiltersField()
  events?: EventFilter[] | null;

  @LockPatternField()
  lock_pattern?: string | null;
}

export class WebhookResponse {
  @ApiProperty({ description: 'Webhook identifier', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'Owner user ID', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'Callback URL',
    example: 'https://example.com/hooks/octostore',
  })
  url!: string;

  @ApiProperty({
    description: 'Redacted secret (shown as "****" if set)',
    type: 'string',
    nullable: true,
    example: '****',
  })
  secret!: string | null;

  @ApiProperty({
    description: 'Subscribed event types',
    type: 'array',
    items: { type: 'string', enum: [...LOCK_EVENT_TYPES, ALL_EVENTS] },
    example: ['acquired', 'released'],
  })
  events!: readonly EventFilter[];

  @ApiProperty({
    description: 'Lock name glob pattern',
    type: 'string',
    nullable: true,
    example: 'service/*',
  })
  lock_pattern!: string | null;

  @ApiProperty({ description: 'Creation timestamp', format: 'date-time' })
  created_at!: string;

  @ApiProperty({ description: 'Whether the webhook is active' })
  active!: boolean;

  @ApiProperty({
    description: 'Why the server has stopped calling the webhook; null while it is active.',
    type: 'string',
    nullable: true,
    example: null,
  })
  disabled_reason!: string | null;
}
