import { ApiProperty } from '@nestjs/swagger';
import { NAMED_USER } from '../../../auth/tokens/named-user.js';
import { IntegerField, TextField } from '../../../http/input/fields.js';
import { WebhookResponse } from './webhook.dto.js';

/** Webhooks on one page. */
export const WEBHOOKS_PAGE = { min: 1, max: 1000, default: 100 } as const;

const CURSOR_BYTES_MAX = 256;

export class ListAllWebhooksQuery {
  @TextField(NAMED_USER, {
    description: 'Only webhooks of this user: a login, or a login with its provider, such as `github:ada`.',
    optional: true,
  })
  user?: string;

  @IntegerField(WEBHOOKS_PAGE, { description: 'The most webhooks to return', optional: true })
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
    description: 'The provider (`github`, `static` or `local`) and the login of the owner.',
    example: 'local:ci',
  })
  user!: string;

  @ApiProperty({ description: 'How many deliveries are pending', type: 'integer', example: 0 })
  deliveries_pending!: number;

  @ApiProperty({ description: 'How many deliveries are dead', type: 'integer', example: 0 })
  deliveries_dead!: number;
}

export class AdministeredWebhooks {
  @ApiProperty({ description: 'Webhooks, oldest first', type: [AdministeredWebhook] })
  webhooks!: AdministeredWebhook[];

  @ApiProperty({
    description: 'Pass this as `cursor` to get the next page. Null on the last page.',
    type: 'string',
    nullable: true,
    example: null,
  })
  next_cursor!: string | null;
}
