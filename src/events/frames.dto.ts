import { ApiProperty } from '@nestjs/swagger';
import { HeldLock } from '../locks/dto/lock-responses.dto.js';
import { LockHolders } from '../locks/dto/lock-status.dto.js';

/** A held lock, as watch streams show it. Not even its holder sees the lease id. */
export class WatchedLock extends HeldLock {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';
}

/** The current state of one held lock. */
export class WatchedLockHeld extends LockHolders {
  @ApiProperty({ enum: ['held'] })
  status!: 'held';

  @ApiProperty({ description: 'How many clients wait for the lock.', type: 'integer', example: 0 })
  waiters!: number;
}

/** The current state of many locks, or a part of it. */
export class LocksState {
  @ApiProperty({
    description: 'One for each lease of each lock, in order of their names and tokens.',
    type: [WatchedLock],
  })
  locks!: WatchedLock[];

  @ApiProperty({ description: 'Whether this is the last frame of the current state.', example: true })
  complete!: boolean;
}

/** Why a stream has ended for good. */
export class StreamEnd {
  @ApiProperty({
    description: 'The code with which another request with this token is refused.',
    enum: ['token_expired', 'sign_in_required', 'unauthorized'],
  })
  code!: string;

  @ApiProperty({
    description: 'The same as a sentence.',
    example: 'The token has expired. Sign in again, or create another token.',
  })
  error!: string;
}

/** Why a stream starts again with the current state. */
export class StreamReset {
  @ApiProperty({
    example: 'The events since then are no longer in the log. The present state follows.',
  })
  message!: string;
}
