import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES, type ErrorCode } from '../../errors/error-table.js';

export const EXAMPLE_REQUEST_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';

/** What every error looks like. */
export class ErrorBody {
  @ApiProperty({
    description: 'What went wrong, in a sentence.',
    example: 'Lock not found or not owned by caller',
  })
  error!: string;

  @ApiProperty({
    description: 'A stable code for programs.',
    enum: ERROR_CODES,
    enumName: 'ErrorCode',
    example: 'lock_not_found',
  })
  code!: ErrorCode;

  @ApiPropertyOptional({ description: 'What exactly is wrong, if there is more to say.' })
  details?: string;

  @ApiProperty({
    description: 'Identifies the request in the server log; also in the `X-Request-Id` header.',
    example: EXAMPLE_REQUEST_ID,
  })
  request_id!: string;
}
