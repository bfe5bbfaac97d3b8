import { ApiProperty } from '@nestjs/swagger';

export class RotatedToken {
  @ApiProperty({
    description: 'The new bearer token. It is never shown again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;

  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'The login of the account. The account need not be from GitHub.',
    example: 'octocat',
  })
  github_username!: string;
}
