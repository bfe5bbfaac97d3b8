import { ApiProperty } from '@nestjs/swagger';
import { NAMED_USER } from '../../../auth/tokens/named-user.js';
import { IntegerField, TextField } from '../../../http/input/fields.js';
import { WebhookResponse } from './webhook.dto.js';

/** Webhooks on one page. */
export const WEBHOOKS_PAGE = { min: 1, max: 1000, default: 100 } as const;

const CURSOR_BYTES_MAX = 256;

export class ListAllWebhooksQuery {
  @TextField(NAMED_USER, {
    description:
      'Only webhooks of this user: a login, or one with where the account comes from, such as `github:ada`.',
    optional: true,
  })
  user?: string;

  @IntegerField(WEBHOOKS_PAGE, { description: 'Webhooks to return at most', optional: true })
  limit?: number;

  @TextField(
    { minLength: 1, maxBytes: CURSOR_BYTES_MAX },
    { description: 'The `next_cursor` of the previous page', optional: true },
  )
  cursor?: string;
}

/** A webhook as operators see it. */
export class AdministeredWebhook extends WebhookResponse {
  @ApiProperty({
    description: 'Where the owner comes from (`github`, `static`, `local`), and the login.',
    example: 'local:ci',
  })
  user!: string;

  @ApiProperty({ description: 'Deliveries that wait to be made', type: 'integer', example: 0 })
  deliveries_pending!: number;

  @ApiProperty({ description: 'Deliveries that were given up', type: 'integer', example: 0 })
  deliveries_dead!: number;
}

export class AdministeredWebhooks {
  @ApiProperty({ description: 'Webhooks, oldest first', type: [AdministeredWebhook] })
  webhooks!: AdministeredWebhook[];

  @ApiProperty({
    description: 'Give this as `cursor` for the next page; null on the last one.',
    type: 'string',
    nullable: true,
    example: null,
  })
  next_cursor!: string | null;
}
