import { Module } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LocksModule } from '../locks/locks.module.js';
import { LockStore } from '../store/lock-store.js';
import { EventHub } from './event-hub.js';
import { Turns } from './turns.js';
import { WatchController } from './watch.controller.js';
import { Watches } from './watches.js';

@Module({
  imports: [LocksModule],
  controllers: [WatchController],
  providers: [
    EventHub,
    Watches,
    {
      provide: Turns,
      inject: [Clock, LockStore],
      useFactory: (clock: Clock, store: LockStore) => new Turns(clock, () => store.admission.pending > 0),
    },
  ],
  exports: [Watches],
})
export class EventsModule {}
