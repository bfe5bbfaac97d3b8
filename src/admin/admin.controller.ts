import { Controller, Get, Header } from '@nestjs/common';
import { Upkeep } from '../http/upkeep.js';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../auth/admin-only.decorator.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { AdminStatus } from './admin-status.js';
import { AdminStatusResponse } from './admin.dto.js';

@ApiTags('System')
@AdminOnly()
@Controller()
export class AdminController {
  constructor(
    private readonly status: AdminStatus,
    private readonly metrics: MetricsRegistry,
  ) {}

  /**
   * Counters for operators
   */
  @Get('admin/status')
  @Upkeep()
  @ApiOkResponse({ type: AdminStatusResponse, description: 'The counters' })
  getAdminStatus(): AdminStatusResponse {
    return this.status.read();
  }

  /**
   * Metrics for Prometheus
   *
   * @remarks Prometheus can send the admin key as a bearer token.
   */
  @Get('metrics')
  @Upkeep()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOkResponse({
    description: 'Prometheus text format',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  getMetrics(): Promise<string> {
    return this.metrics.metrics();
  }
}
