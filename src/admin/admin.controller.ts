import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly, MetricsOnly } from '../auth/admin-only.decorator.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Upkeep } from '../http/routes/traits.js';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import { AdminStatus } from './admin-status.js';
import { AdminStatusResponse } from './admin.dto.js';
import { Replicas } from './replicas.js';
import { ReplicaList } from './replicas.dto.js';

@ApiTags('System')
@Controller()
export class AdminController {
  constructor(
    private readonly status: AdminStatus,
    private readonly replicas: Replicas,
    private readonly metrics: MetricsRegistry,
  ) {}

  /**
   * Counters for operators
   */
  @Get('admin/status')
  @Upkeep()
  @AdminOnly()
  @ApiOkResponse({ type: AdminStatusResponse, description: 'The counters' })
  getAdminStatus(): AdminStatusResponse {
    return this.status.read();
  }

  /**
   * List the servers
   *
   * @remarks Those that have used the database in the last hour and have not ended cleanly. `octostore cluster status` shows the same.
   */
  @Get('admin/replicas')
  @Upkeep()
  @AdminOnly()
  @ApiOkResponse({ type: ReplicaList, description: 'The servers' })
  @ApiErrors('store_unavailable')
  listReplicas(): Promise<ReplicaList> {
    return this.replicas.list();
  }

  /**
   * Metrics for Prometheus
   *
   * @remarks `METRICS_KEY` gives access to this route only. Prometheus can send it, or the admin key, as a bearer token.
   */
  @Get('metrics')
  @Upkeep()
  @MetricsOnly()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOkResponse({
    description: 'Prometheus text format',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  getMetrics(): Promise<string> {
    return this.metrics.metrics();
  }
}
