import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '../http/input/fields.js';
import { NAMED_USER } from './tokens/named-user.js';
import type { NewToken, TokenFacts } from './tokens/token-desk.js';

export class CreateTokenRequest {
  @TextField(NAMED_USER, {
    description:
      'Whose token it shall be: a login, or one with where the account comes from, such as `github:ada`. A login that nobody ' +
      'has makes a new user of this server.',
    example: 'ci',
  })
  user!: string;
}

export class ListTokensQuery {
  @TextField(NAMED_USER, {
    description: 'Only tokens of this user, named as when a token is made.',
    optional: true,
  })
  user?: string;
}

export class RevokeTokensQuery {
  @TextField(NAMED_USER, { description: 'Whose tokens, named as when a token is made.' })
  user!: string;
}

export class TokenBody implements TokenFacts {
  @ApiProperty({
    description: 'Names the token. It is of no use to get in with.',
    example: 'ba7816bf8f01cfea',
  })
  id!: string;

  @ApiProperty({
    description: 'Where the account comes from (`github`, `static`, `local`), and its login.',
    example: 'local:ci',
  })
  user!: string;

  @ApiProperty({ description: 'Id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'When it was made; null for a token that the configuration gives.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  created_at!: string | null;
}

export class TokenList {
  @ApiProperty({ type: [TokenBody] })
  tokens!: TokenBody[];
}

export class CreatedToken extends TokenBody implements NewToken {
  @ApiProperty({
    description: 'The bearer token. It is never shown again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;
}
