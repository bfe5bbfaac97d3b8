import { ApiProperty } from '@nestjs/swagger';

export class RotatedToken {
  @ApiProperty({
    description: 'The bearer token that takes the place of the one presented. It is never shown again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;

  @ApiProperty({ description: 'Id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'Login of the account, as the sign-in calls it. It need not be one of GitHub.',
    example: 'octocat',
  })
  github_username!: string;
}
