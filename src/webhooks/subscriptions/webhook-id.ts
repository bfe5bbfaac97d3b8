import { ApiParam } from '@nestjs/swagger';
import { UuidPipe } from '../../http/input/uuid.pipe.js';

/** Documents a webhook's id in a route's path. */
export function ApiWebhookId(): MethodDecorator {
  return ApiParam({ name: 'id', description: 'Webhook id', schema: { type: 'string', format: 'uuid' } });
}

export const WebhookIdPipe = new UuidPipe('webhook_not_found');
