import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../errors/error-table.js';

export const EXAMPLE_REQUEST_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';

/** The body of every error. */
export class ErrorBody {
  @ApiProperty({
    description: 'What happened, and what to do.',
    example: ERRORS.lock_not_found.message,
  })
  error!: string;

  @ApiProperty({
    description: 'A stable code for programs.',
    enum: ERROR_CODES,
    enumName: 'ErrorCode',
    example: 'lock_not_found',
  })
  code!: ErrorCode;

  @ApiPropertyOptional({ description: 'More details, if there are any.' })
  details?: string;

  @ApiProperty({
    description: 'Identifies the request in the server log. Also in the `X-Request-Id` header.',
    example: EXAMPLE_REQUEST_ID,
  })
  request_id!: string;
}
