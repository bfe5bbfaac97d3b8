import { ApiProperty } from '@nestjs/swagger';
import { REASON_BYTES_MAX } from '../../core/model/limits.js';
import { TextField } from '../../http/input/fields.js';

export class RequestReleaseRequest {
  @TextField(
    { maxBytes: REASON_BYTES_MAX },
    {
      description:
        'What you want to say to the holders. Everyone who follows the event `release_requested` can read it.',
      example: 'The nightly report needs the table.',
      optional: true,
    },
  )
  message?: string | null;
}

export class ReleaseRequestSent {
  @ApiProperty({ enum: ['release_requested'] })
  status!: 'release_requested';

  @ApiProperty({ example: 'The holders learn of it when they next renew' })
  message!: string;
}
