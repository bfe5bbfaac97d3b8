import { ApiProperty } from '@nestjs/swagger';
import { ERRORS } from '../../errors/error-table.js';
import { ErrorBody } from '../../http/answer/error-body.dto.js';
import { OnlyErrorCode } from '../../http/answer/only-error-code.decorator.js';
import { ADMINISTRATOR } from '../administrator.js';

/** An operator has ended your lease. */
export class LeaseBroken extends ErrorBody {
  @ApiProperty({ description: 'What happened, and what to do.', example: ERRORS.lease_broken.message })
  declare error: string;

  @OnlyErrorCode('lease_broken')
  declare code: 'lease_broken';

  @ApiProperty({ description: 'What the operator says.', example: 'worker-7 is being replaced' })
  reason!: string;

  @ApiProperty({
    description: `The login of the operator, or \`${ADMINISTRATOR}\` if it was someone with the admin key.`,
    example: 'ada',
  })
  broken_by!: string;

  @ApiProperty({
    description: 'When the lease was broken.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  broken_at!: string;
}

/** Your session has expired. */
export class SessionExpired extends ErrorBody {
  @ApiProperty({ description: 'What happened, and what to do.', example: ERRORS.session_expired.message })
  declare error: string;

  @OnlyErrorCode('session_expired')
  declare code: 'session_expired';
}
