import { Module } from '@nestjs/common';
import { ProofsModule } from '../proofs/proofs.module.js';
import { Acquirer } from './acquire/acquirer.js';
import { ConflictPresenter } from './acquire/conflict-presenter.js';
import { BreakController } from './break/break.controller.js';
import { Breaker } from './break/breaker.js';
import { ConvertController } from './convert/convert.controller.js';
import { Converter } from './convert/converter.js';
import { LeaseKeeper } from './lease-keeper.js';
import { ScopedLeases } from './scoped-leases.js';
import { LeasePresenter } from './lease-presenter.js';
import { LockPresenter } from './lock-presenter.js';
import { LocksController } from './locks.controller.js';
import { LockLister } from './lock-lister.js';
import { LocksService } from './locks.service.js';
import { LostLeasePresenter } from './lost-lease-presenter.js';
import { QueuesController } from './queues/queues.controller.js';
import { QueuesService } from './queues/queues.service.js';
import { ReleaseRequester } from './release-requests/release-requester.js';
import { ReleaseRequestsController } from './release-requests/release-requests.controller.js';

@Module({
  imports: [ProofsModule],
  controllers: [
    LocksController,
    ConvertController,
    BreakController,
    ReleaseRequestsController,
    QueuesController,
  ],
  providers: [
    LocksService,
    LockLister,
    QueuesService,
    Acquirer,
    ConflictPresenter,
    LeaseKeeper,
    ScopedLeases,
    LeasePresenter,
    LockPresenter,
    LostLeasePresenter,
    Converter,
    Breaker,
    ReleaseRequester,
  ],
  exports: [Acquirer, LeaseKeeper, LeasePresenter, LockPresenter, LostLeasePresenter],
})
export class LocksModule {}
