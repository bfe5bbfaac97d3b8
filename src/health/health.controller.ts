import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { Upkeep } from '../http/routes/traits.js';
import { LivenessResponse, ReadinessResponse, StatusResponse } from './health.dto.js';
import { ServiceStatus } from './service-status.js';

@ApiTags('System')
@ApiErrors('malformed_request')
@Controller()
export class HealthController {
  constructor(private readonly status: ServiceStatus) {}

  /**
   * Health check
   *
   * @remarks Answers with the text `OK` as long as the server answers at all.
   */
  @Get('health')
  @Upkeep()
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @ApiOkResponse({
    description: 'The service answers',
    content: { 'text/plain': { schema: { type: 'string', example: 'OK' } } },
  })
  getHealth(): string {
    return 'OK';
  }

  /**
   * Liveness probe
   *
   * @remarks If this fails, restart the server.
   */
  @Get('health/live')
  @Upkeep()
  @ApiOkResponse({ type: LivenessResponse, description: 'Alive' })
  getLiveness(): LivenessResponse {
    return { status: 'alive' };
  }

  /**
   * Readiness probe
   *
   * @remarks Send no requests while this fails: the server is draining before it stops, or it cannot write.
   */
  @Get('health/ready')
  @Upkeep()
  @ApiOkResponse({ type: ReadinessResponse, description: 'Ready' })
  @ApiResponse({ status: 503, type: ReadinessResponse, description: 'Not ready' })
  getReadiness(@Res({ passthrough: true }) response: Response): ReadinessResponse {
    return this.status.readiness(response);
  }

  /**
   * Public counters
   */
  @Get('status')
  @Upkeep()
  @ApiOkResponse({ type: StatusResponse, description: 'The counters' })
  getStatus(): StatusResponse {
    return this.status.publicStatus();
  }
}
