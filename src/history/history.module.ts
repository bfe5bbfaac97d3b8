import { Module } from '@nestjs/common';
import { ExplainController } from './explain/explain.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { PresentTerms } from './explain/present-terms.js';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';
import { LinesController } from './lines/lines.controller.js';
import { LinesService } from './lines/lines.service.js';
import { WarningPublisher } from './warning-publisher.js';
import { PastLeases } from './past-leases.js';

@Module({
  controllers: [HistoryController, ExplainController, LinesController],
  providers: [HistoryService, ExplainService, LinesService, PastLeases, PresentTerms, WarningPublisher],
  exports: [PastLeases],
})
export class HistoryModule {}
