import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '../http/input/fields.js';
import { NAMED_USER } from './tokens/named-user.js';
import type { NewToken, TokenFacts } from './tokens/token-desk.js';

export class CreateTokenRequest {
  @TextField(NAMED_USER, {
    description:
      'The user that the token is for: a login, or a login with its source, such as `github:ada`. If no one has this login, a ' +
      'new local user is created.',
    example: 'ci',
  })
  user!: string;
}

export class ListTokensQuery {
  @TextField(NAMED_USER, {
    description: 'Only tokens of this user: a login, or a login with its source, such as `github:ada`.',
    optional: true,
  })
  user?: string;
}

export class RevokeTokensQuery {
  @TextField(NAMED_USER, {
    description:
      'The user whose tokens to revoke: a login, or a login with its source, such as `github:ada`.',
  })
  user!: string;
}

export class TokenBody implements TokenFacts {
  @ApiProperty({
    description: 'Identifies the token. It cannot be used to sign in.',
    example: 'ba7816bf8f01cfea',
  })
  id!: string;

  @ApiProperty({
    description: 'The source of the account (`github`, `static`, `local`) and its login.',
    example: 'local:ci',
  })
  user!: string;

  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'When the token was created. Null if it comes from the configuration.',
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
