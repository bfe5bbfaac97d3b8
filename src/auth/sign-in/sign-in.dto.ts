import { ApiProperty } from '@nestjs/swagger';
import type { IssuedToken } from '../account-changes.js';

/** The user that the token is for, as the provider shows it. */
export class SignedInUser {
  @ApiProperty({ description: "The account's login at the provider.", example: 'octocat' })
  login!: string;

  @ApiProperty({
    description: "The URL of the account's picture at the provider, if there is one.",
    type: String,
    nullable: true,
    example: 'https://avatars.githubusercontent.com/u/583231',
  })
  avatar_url!: string | null;
}

export class SignInResponse {
  @ApiProperty({
    description:
      'The bearer token for all other routes. Keep it safe: the server stores only its hash and cannot show it again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;

  @ApiProperty()
  user!: SignedInUser;

  @ApiProperty({
    description: 'Identifies the account on this server, even if it is renamed at the provider.',
    format: 'uuid',
    example: '0d1f6a0e-6f2c-4f5e-9a53-2f0f5d6b6c11',
  })
  user_id!: string;

  @ApiProperty({ description: 'The same as `user.login`, whatever the provider.', example: 'octocat' })
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
