import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { Upkeep } from '../../http/routes/traits.js';
import { Charts } from './charts.js';
import { ChartsBody } from './charts.dto.js';

@ApiTags('System')
@AdminOnly()
@Controller('admin/charts')
export class ChartsController {
  constructor(private readonly charts: Charts) {}

  /**
   * The last hour in figures
   *
   * @remarks A sample every ten seconds, at most 360. The server that leads keeps them in memory, since it began to lead. For more, collect
   * `/metrics`.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: ChartsBody, description: 'The samples' })
  getCharts(): ChartsBody {
    return this.charts.body;
  }
}
