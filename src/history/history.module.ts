import { Module } from '@nestjs/common';
import { HistoryController } from './history.controller.js';
import { HistoryService } from './history.service.js';
import { PastLeases } from './past-leases.js';

@Module({ controllers: [HistoryController], providers: [HistoryService, PastLeases] })
export class HistoryModule {}
