import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, TextField } from '../http/input/fields.js';
import { ApiScopes, ScopeBody, ScopesField } from './scope-fields.js';
import type { NewOwnToken } from './tokens/own-tokens.js';
import type { OwnTokenFacts } from './tokens/token-facts.js';
import { LABEL, TOKEN_LIFETIME_SECONDS } from './tokens/token-terms.js';

/** How long a new token lasts. */
export const ExpiresInField = (): PropertyDecorator =>
  IntegerField(TOKEN_LIFETIME_SECONDS, {
    description: 'How long the token lasts, in seconds. If left out, it does not expire.',
    example: 7_776_000,
    optional: true,
  });

export class CreateOwnTokenRequest {
  @TextField(LABEL, {
    description: 'Your name for the token, to tell it from the others.',
    example: 'laptop',
  })
  label!: string;

  @ExpiresInField()
  expires_in_seconds?: number | null;

  @ScopesField()
  scopes?: ScopeBody[] | null;
}

export class OwnTokenBody implements OwnTokenFacts {
  @ApiProperty({
    description: 'Identifies the token. It cannot be used to sign in. A rotation keeps it.',
    example: 'ba7816bf8f01cfea',
  })
  id!: string;

  @ApiProperty({
    description: "The owner's name for the token.",
    type: 'string',
    nullable: true,
    example: 'laptop',
  })
  label!: string | null;

  @ApiProperty({
    description: 'When the token was created. Null if it comes from the configuration.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  created_at!: string | null;

  @ApiProperty({
    description: 'When the token expires. Null if it does not.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  expires_at!: string | null;

  @ApiProperty({
    description: 'The hour in which the token was last used, a minute late at most. Null if it never was.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  last_used_at!: string | null;

  @ApiScopes()
  scopes!: ScopeBody[] | null;
}

export class OwnTokenList {
  @ApiProperty({ type: [OwnTokenBody] })
  tokens!: OwnTokenBody[];
}

export class CreatedOwnToken extends OwnTokenBody implements NewOwnToken {
  @ApiProperty({
    description: 'The bearer token. It is never shown again.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  token!: string;
}

export class MeBody {
  @ApiProperty({ description: 'The id of your account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'The source of your account (`github`, `static`, `local`, `service`) and its login.',
    example: 'github:octocat',
  })
  user!: string;

  @ApiProperty({ description: 'The login of your account.', example: 'octocat' })
  login!: string;

  @ApiProperty({
    description: 'The groups that your account is known to belong to, as policies name them.',
    type: [String],
    example: ['org:acme', 'team:acme/platform'],
  })
  groups!: string[];

  @ApiProperty({
    description:
      'Whether you are an administrator of this server. With a token that has scopes, you are not.',
  })
  is_administrator!: boolean;

  @ApiProperty({
    description: 'Whether you have sent a bearer token, or the cookie of a browser session.',
    enum: ['token', 'browser_session'],
  })
  signed_in_with!: 'token' | 'browser_session';

  @ApiProperty({
    type: OwnTokenBody,
    description: 'The token that you have sent. Its scopes limit what you may do.',
  })
  token!: OwnTokenBody;
}
