import { ApiProperty } from '@nestjs/swagger';
import { ERRORS } from '../../errors/error-table.js';
import { ErrorBody } from '../../http/answer/error-body.dto.js';
import { OnlyErrorCode } from '../../http/answer/only-error-code.decorator.js';

/** The fence has seen a higher token. */
export class StaleToken extends ErrorBody {
  @ApiProperty({
    description: 'What happened, and what to do.',
    example: ERRORS.stale_fencing_token.message,
  })
  declare error: string;

  @OnlyErrorCode('stale_fencing_token')
  declare code: 'stale_fencing_token';

  @ApiProperty({
    description: 'The highest fencing token that the fence has seen.',
    type: 'integer',
    format: 'int64',
    minimum: 1,
    example: 43,
  })
  highest!: number;
}
