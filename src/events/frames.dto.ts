import { ApiProperty } from '@nestjs/swagger';
import { HeldLock } from '../locks/dto/lock-responses.dto.js';

/** A held lock, as watch streams show it: to its holder, too, without the lease id. */
export class WatchedLock extends HeldLock {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';
}

/** The present state of one lock that somebody holds. */
export class WatchedLockHeld extends WatchedLock {
  @ApiProperty({ description: 'Requests that wait for the lock.', type: 'integer', example: 0 })
  waiters!: number;
}

/** The present state of many locks, or a part of it. */
export class LocksState {
  @ApiProperty({ description: 'Locks that are held, in name order.', type: [WatchedLock] })
  locks!: WatchedLock[];

  @ApiProperty({ description: 'Whether this is the last frame of the present state.', example: true })
  complete!: boolean;
}

/** Why a stream begins anew. */
export class StreamReset {
  @ApiProperty({
    example: 'The events since then are no longer in the log. The present state follows.',
  })
  message!: string;
}
