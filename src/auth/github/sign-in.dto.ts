import { ApiProperty } from '@nestjs/swagger';
import type { IssuedToken } from '../account-changes.js';

/** Whose token it is, as GitHub shows that account. */
export class SignedInUser {
  @ApiProperty({ description: "The account's name on GitHub.", example: 'octocat' })
  login!: string;

  @ApiProperty({
    description: "Address of the account's picture on GitHub, if there is one.",
    type: String,
    nullable: true,
    example: 'https://avatars.githubusercontent.com/u/583231',
  })
  avatar_url!: string | null;
}

export class SignInResponse {
  @ApiProperty({
    description:
      'Bearer token for all other routes. Keep it safe: the server does not know it and cannot show it again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;

  @ApiProperty()
  user!: SignedInUser;

  @ApiProperty({
    description: 'Identifies the account here, also when it is renamed on GitHub.',
    format: 'uuid',
    example: '0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11',
  })
  user_id!: string;

  @ApiProperty({ description: 'The same as `user.login`.', example: 'octocat' })
  github_username!: string;
}

export function signInResponse({ user, token }: IssuedToken): SignInResponse {
  return {
    token,
    user: { login: user.login, avatar_url: user.avatarUrl },
    user_id: user.userId,
    github_username: user.login,
  };
}
