import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { LOCK_EVENT_TYPES } from '../../../core/model/event.js';
import { ChoiceField } from '../../../http/input/fields.js';
import { ORDERINGS, SUSPENSIONS, type Ordering, type Suspension } from '../../../journal/rows/webhook-row.js';
import {
  ALL_EVENTS,
  WEBHOOK_STATUSES,
  type EventFilter,
  type WebhookStatus,
} from '../../subscriptions/webhook.js';
import { WEBHOOK_URL_LENGTH_MAX, WEBHOOK_URL_SHAPE } from '../../transport/webhook-url.js';
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

  @ChoiceField(ORDERINGS, {
    description:
      '`in_order`: the next event is sent when the one before it has arrived or has been given up. `none`: an event that fails ' +
      'is retried beside the others, and a few are sent at the same time. `in_order` if you leave it out.',
    example: 'in_order',
    optional: true,
  })
  ordering?: Ordering | null;
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

  @ApiProperty({
    description: 'Whether a failing event holds up the later ones, or is retried beside them.',
    enum: ORDERINGS,
  })
  ordering!: Ordering;

  @ApiProperty({
    description:
      '`active` while the webhook is called, `suspended` while it is not called for now, `disabled` if it is never called again.',
    enum: WEBHOOK_STATUSES,
  })
  status!: WebhookStatus;

  @ApiProperty({ description: 'Whether the webhook is called: its status is `active`.' })
  active!: boolean;

  @ApiProperty({
    description:
      'Why the webhook is suspended: `operator` if an operator wants it so, `no_valid_token` while its owner has no valid ' +
      'token. Null while it is not suspended.',
    type: 'string',
    enum: SUSPENSIONS,
    nullable: true,
    example: null,
  })
  suspended_by!: Suspension | null;

  @ApiProperty({
    description: 'Why the server never calls the webhook again; null unless it is disabled.',
    type: 'string',
    nullable: true,
    example: null,
  })
  disabled_reason!: string | null;
}
