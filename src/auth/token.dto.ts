import { ApiProperty } from '@nestjs/swagger';

export class RotatedToken {
  @ApiProperty({
    description: 'The bearer token that takes the place of the one presented. It is never shown again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;
}
