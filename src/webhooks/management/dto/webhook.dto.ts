import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { EVENT_FILTERS, type EventFilter } from '../../../events/event-types.js';
import { ChoiceField } from '../../../http/input/fields.js';
import { ORDERINGS, SUSPENSIONS, type Ordering, type Suspension } from '../../../journal/rows/webhook-row.js';
import { WEBHOOK_STATUSES, type WebhookStatus } from '../../subscriptions/webhook.js';
import { WEBHOOK_URL_LENGTH_MAX, WEBHOOK_URL_SHAPE } from '../../transport/webhook-url.js';
import { EventFiltersField, LockPatternField, SecretField } from './webhook-fields.js';

export class CreateWebhookRequest {
  @ApiProperty({
    description: 'The HTTPS URL to send events to. It must not contain credentials.',
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
      '`in_order`: the next event is sent when the one before it was delivered or has failed for good. `none`: a failing event ' +
      'does not hold up later ones, and a few events are sent at the same time. `in_order` if you leave it out.',
    example: 'in_order',
    optional: true,
  })
  ordering?: Ordering | null;
}

export class WebhookResponse {
  @ApiProperty({ description: 'The id of the webhook', format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The id of the user who owns the webhook', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'The URL that events are sent to',
    example: 'https://example.com/hooks/octostore',
  })
  url!: string;

  @ApiProperty({
    description: '"****" if the webhook has a secret. Null if it has none',
    type: 'string',
    nullable: true,
    example: '****',
  })
  secret!: string | null;

  @ApiProperty({
    description: 'The types of events that are sent',
    type: 'array',
    items: { type: 'string', enum: [...EVENT_FILTERS] },
    example: ['acquired', 'released'],
  })
  events!: readonly EventFilter[];

  @ApiProperty({
    description: 'The glob pattern for the names of locks. Null for all locks',
    type: 'string',
    nullable: true,
    example: 'service/*',
  })
  lock_pattern!: string | null;

  @ApiProperty({ description: 'When the webhook was created', format: 'date-time' })
  created_at!: string;

  @ApiProperty({
    description: 'Whether a failing event holds up later ones (`in_order`) or not (`none`).',
    enum: ORDERINGS,
  })
  ordering!: Ordering;

  @ApiProperty({
    description:
      '`active`: the server calls the webhook. `suspended`: it does not for now. `disabled`: it never does again.',
    enum: WEBHOOK_STATUSES,
  })
  status!: WebhookStatus;

  @ApiProperty({ description: 'Whether the status is `active`.' })
  active!: boolean;

  @ApiProperty({
    description:
      'Why the webhook is suspended: `operator` if an operator suspended it, `no_valid_token` if its owner has no valid ' +
      'token. Null if it is not suspended.',
    type: 'string',
    enum: SUSPENSIONS,
    nullable: true,
    example: null,
  })
  suspended_by!: Suspension | null;

  @ApiProperty({
    description: 'Why the webhook is disabled. Null unless it is.',
    type: 'string',
    nullable: true,
    example: null,
  })
  disabled_reason!: string | null;
}
