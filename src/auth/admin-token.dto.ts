import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '../http/input/fields.js';
import { NAMED_USER } from './tokens/named-user.js';
import { ExpiresInField, OwnTokenBody } from './own-token.dto.js';
import { ScopeBody, ScopesField } from './scope-fields.js';
import type { NewToken } from './tokens/token-desk.js';
import type { TokenFacts } from './tokens/token-facts.js';
import { LABEL } from './tokens/token-terms.js';

export class CreateTokenRequest {
  @TextField(NAMED_USER, {
    description:
      'The user that the token is for: a login, or a login with its source, such as `github:ada`. If no one has this login, a ' +
      'new local user is created. An account of OpenID Connect is named as in policies: `oidc:ISSUER:SUBJECT`.',
    example: 'ci',
  })
  user!: string;

  @TextField(LABEL, {
    description: 'A name for the token, to tell it from the others of its user.',
    example: 'deploy',
    optional: true,
  })
  label?: string | null;

  @ExpiresInField()
  expires_in_seconds?: number | null;

  @ScopesField()
  scopes?: ScopeBody[] | null;
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

export class TokenBody extends OwnTokenBody implements TokenFacts {
  @ApiProperty({
    description: 'Whether it is a bearer token or a browser session.',
    enum: ['token', 'browser_session'],
  })
  kind!: 'token' | 'browser_session';

  @ApiProperty({
    description: 'The source of the account (`github`, `oidc`, `static`, `local`, `service`) and its login.',
    example: 'local:ci',
  })
  user!: string;

  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;
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
