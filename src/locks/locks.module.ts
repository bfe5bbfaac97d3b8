import { Module } from '@nestjs/common';
import { ProofsModule } from '../proofs/proofs.module.js';
import { Acquirer } from './acquire/acquirer.js';
import { ConflictPresenter } from './acquire/conflict-presenter.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LeasePresenter } from './lease-presenter.js';
import { LockPresenter } from './lock-presenter.js';
import { LocksController } from './locks.controller.js';
import { LocksService } from './locks.service.js';
import { QueuesController } from './queues/queues.controller.js';
import { QueuesService } from './queues/queues.service.js';

@Module({
  imports: [ProofsModule],
  controllers: [LocksController, QueuesController],
  providers: [
    LocksService,
    QueuesService,
    Acquirer,
    ConflictPresenter,
    LeaseKeeper,
    LeasePresenter,
    LockPresenter,
  ],
  exports: [Acquirer, LeaseKeeper, LeasePresenter, LockPresenter],
})
export class LocksModule {}
