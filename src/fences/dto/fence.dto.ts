import { ApiProperty } from '@nestjs/swagger';
import { LAST_NUMBER } from '../../core/model/limits.js';
import { IntegerField } from '../../http/input/fields.js';

export const EXAMPLE_FENCE = 'service/leader';

export class FencingTokenRequest {
  @IntegerField(
    { min: 1, max: LAST_NUMBER },
    { description: 'The `fencing_token` of the lease. It must have been issued.', example: 42 },
  )
  fencing_token!: number;
}

export class FenceResponse {
  @ApiProperty({ description: 'Fence name', example: EXAMPLE_FENCE })
  name!: string;

  @ApiProperty({
    description: 'The highest fencing token that the fence has seen. 0 if it has seen none.',
    type: 'integer',
    format: 'int64',
    minimum: 0,
    example: 42,
  })
  highest!: number;
}
