import { Module } from '@nestjs/common';
import { LockPresenter } from './lock-presenter.js';
import { LocksController } from './locks.controller.js';
import { LocksService } from './locks.service.js';

@Module({
  controllers: [LocksController],
  providers: [LocksService, LockPresenter],
  exports: [LockPresenter],
})
export class LocksModule {}
