import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { ServiceStatus } from './service-status.js';

@Module({ controllers: [HealthController], providers: [ServiceStatus], exports: [ServiceStatus] })
export class HealthModule {}
