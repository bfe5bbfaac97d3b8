import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Someone asks you to release your lock. */
export class ReleaseRequested {
  @ApiProperty({ description: 'The login of the user who asks.', example: 'hubot' })
  by!: string;

  @ApiProperty({
    description: 'What that user says. Null if nothing.',
    type: 'string',
    nullable: true,
    example: 'The nightly report needs the table.',
  })
  message!: string | null;

  @ApiProperty({
    description: 'When the request was made.',
    format: 'date-time',
    example: '2026-01-01T12:00:00.000Z',
  })
  at!: string;
}

export const ApiReleaseRequested = (): PropertyDecorator =>
  ApiPropertyOptional({
    description:
      'The last request to release one of the locks of the lease. Only in replies to renewals, if there is one. You decide what to do.',
    type: ReleaseRequested,
  });
