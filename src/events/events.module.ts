import { Module } from '@nestjs/common';
import { LocksModule } from '../locks/locks.module.js';
import { EventHub } from './event-hub.js';
import { Turns } from './turns.js';
import { WatchController } from './watch.controller.js';
import { Watches } from './watches.js';

@Module({
  imports: [LocksModule],
  controllers: [WatchController],
  providers: [EventHub, Turns, Watches],
  exports: [Watches],
})
export class EventsModule {}
