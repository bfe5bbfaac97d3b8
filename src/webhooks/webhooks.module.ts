import { Module } from '@nestjs/common';
import { DeliveryBacklog } from './delivery-backlog.js';

@Module({ providers: [DeliveryBacklog], exports: [DeliveryBacklog] })
export class WebhooksModule {}
