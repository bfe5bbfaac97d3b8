import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, TextField } from '../../http/input/fields.js';
import { SUBJECT_TOKEN_LENGTH_MAX } from './token-text.js';

/** The names that RFC 8693 gives to the grant and to the types of tokens. */
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';
export const ACCESS_TOKEN_TYPE = `${TOKEN_TYPE}access_token`;

/** Larger tokens are refused with a reason, as long as they fit into the body. */
const SUBJECT_TOKEN = { minLength: 1, maxBytes: 2 * SUBJECT_TOKEN_LENGTH_MAX };

export class ExchangeRequest {
  @ChoiceField([GRANT_TYPE], { description: 'Says that this is an exchange.', example: GRANT_TYPE })
  grant_type!: string;

  @TextField(SUBJECT_TOKEN, {
    description: 'The token of a trusted issuer, such as the OpenID Connect token of a CI job.',
    example:
      'eyJhbGciOiJSUzI1NiIsImtpZCI6ImtleS0xIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.c2lnbmF0dXJl',
  })
  subject_token!: string;

  @ChoiceField([`${TOKEN_TYPE}jwt`, `${TOKEN_TYPE}id_token`], {
    description: 'The type of that token. Both mean the same here.',
    example: `${TOKEN_TYPE}jwt`,
  })
  subject_token_type!: string;

  @ChoiceField([ACCESS_TOKEN_TYPE], { description: 'The type of the token that you want.', optional: true })
  requested_token_type?: string | null;

  @TextField(
    { maxBytes: 1_000 },
    {
      description:
        'Where you want to use the new token: the audience of your own token. Nothing else is possible.',
      optional: true,
    },
  )
  audience?: string | null;
}

/** The parameters, by their names in a form. Those of the RFC that are not listed change nothing here. */
export const EXCHANGE_PARAMETERS: readonly string[] = [
  'grant_type',
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'audience',
  // These two would change for whom the new token is and what it may do, so they are refused rather than ignored.
  'actor_token',
  'scope',
];

export class ExchangeResponse {
  @ApiProperty({
    description: 'The bearer token for all other routes.',
    example: 'octo_9mKq3TzX1vNc7RbL5wYd2HgJ8pFs4QaZ0eUi6B',
  })
  access_token!: string;

  @ApiProperty({ enum: [ACCESS_TOKEN_TYPE] })
  issued_token_type!: typeof ACCESS_TOKEN_TYPE;

  @ApiProperty({ enum: ['Bearer'] })
  token_type!: 'Bearer';

  @ApiProperty({ description: 'How long the token lasts, in seconds.', type: 'integer', example: 900 })
  expires_in!: number;

  @ApiProperty({
    description: 'Your account, as policies name it: the issuer and the subject of your token.',
    example: 'oidc:https://token.actions.githubusercontent.com:repo:acme/app:ref:refs/heads/main',
  })
  user!: string;

  @ApiProperty({ description: 'The id of your account.', format: 'uuid' })
  user_id!: string;
}
