import { ApiProperty } from '@nestjs/swagger';
import { ApiNextCursor, CursorField } from '../../http/input/cursor-fields.js';
import { IntegerField, TextField } from '../../http/input/fields.js';

export const USERS_PAGE = { min: 1, max: 1_000, default: 100 } as const;

export const USER_SOURCES = ['github', 'oidc', 'static', 'local', 'service'] as const;

export class ListUsersQuery {
  @TextField(
    { maxBytes: 256 },
    {
      description: 'Only accounts whose `user` or `login` contains this text, whatever its case.',
      example: 'ada',
      optional: true,
    },
  )
  query?: string;

  @IntegerField(USERS_PAGE, { description: 'The maximum number of accounts per page.', optional: true })
  limit?: number;

  @CursorField()
  cursor?: string;
}

/** An account, as administrators see it. */
export class UserBody {
  @ApiProperty({ description: 'The id of the account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description:
      'The source of the account and its login, or its subject if it is one of OpenID Connect. Other routes accept it as `user`.',
    example: 'github:octocat',
  })
  user!: string;

  @ApiProperty({ description: 'The login of the account.', example: 'octocat' })
  login!: string;

  @ApiProperty({ description: 'Where the account comes from.', enum: USER_SOURCES })
  source!: (typeof USER_SOURCES)[number];

  @ApiProperty({ description: 'Whether the account is an administrator of this server.' })
  is_administrator!: boolean;

  @ApiProperty({
    description: 'The groups that the account is known to belong to, as policies name them.',
    type: [String],
    example: ['org:acme', 'team:acme/platform'],
  })
  groups!: string[];

  @ApiProperty({ description: 'When the account was created.', format: 'date-time' })
  created_at!: string;

  @ApiProperty({
    description:
      'When a valid token of the account was last used, to the hour, or to the minute for a browser session. Null if none was.',
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  last_used_at!: string | null;

  @ApiProperty({ description: 'Valid bearer tokens.', type: 'integer', example: 2 })
  tokens!: number;

  @ApiProperty({ description: 'Valid browser sessions.', type: 'integer', example: 1 })
  browser_sessions!: number;

  @ApiProperty({
    description:
      'Locks that the account uses of its limit: those that it holds, and those that are delayed after it held them.',
    type: 'integer',
    example: 3,
  })
  locks!: number;

  @ApiProperty({ description: 'Sessions that hold locks for the account.', type: 'integer', example: 1 })
  sessions!: number;
}

export class UserList {
  @ApiProperty({ type: [UserBody] })
  users!: UserBody[];

  @ApiNextCursor()
  next_cursor!: string | null;
}
