import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { ProofsModule } from '../proofs/proofs.module.js';
import { LeasesController } from './leases.controller.js';
import { LeasesService } from './leases.service.js';

@Module({
  imports: [LocksModule, ProofsModule],
  controllers: [LeasesController],
  providers: [LeasesService],
})
export class LeasesModule {}
