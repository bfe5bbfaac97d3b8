import { ApiProperty } from '@nestjs/swagger';

/** A browser session, as its owner sees it. */
export class BrowserSessionBody {
  @ApiProperty({
    description: 'Identifies the session. It cannot be used to sign in.',
    example: 'ba7816bf8f01cfea',
  })
  id!: string;

  @ApiProperty({ description: 'When the session was opened.', format: 'date-time' })
  created_at!: string;

  @ApiProperty({ description: 'When the session ends, however much it is used.', format: 'date-time' })
  expires_at!: string;

  @ApiProperty({ description: 'When the session ends if it is not used again.', format: 'date-time' })
  idle_ends_at!: string;

  @ApiProperty({
    description: 'What the browser said that it is when the session was opened.',
    type: 'string',
    nullable: true,
    example: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  })
  user_agent!: string | null;

  @ApiProperty({
    description: 'The address that the session was opened from.',
    type: 'string',
    nullable: true,
    example: '192.0.2.7',
  })
  address!: string | null;

  @ApiProperty({
    description:
      'The id of the bearer token that opened the session, and with which it ends. Null after a sign-in.',
    type: 'string',
    nullable: true,
    example: null,
  })
  token_id!: string | null;
}

export class ListedBrowserSession extends BrowserSessionBody {
  @ApiProperty({ description: 'Whether it is the session that you have sent.' })
  is_current!: boolean;
}

export class BrowserSessionList {
  @ApiProperty({ type: [ListedBrowserSession] })
  sessions!: ListedBrowserSession[];
}

export class CurrentBrowserSession extends BrowserSessionBody {
  @ApiProperty({
    description:
      'Send it as `Octostore-CSRF` with every request that is not a GET. It stays the same as long as the session lasts.',
    example: 'nVt0l8yJ3sXkq1mZ5cW7bRd2hG9pFa4oLeUiT6vKxQw',
  })
  csrf_token!: string;

  @ApiProperty({ description: 'The id of your account.', format: 'uuid' })
  user_id!: string;

  @ApiProperty({
    description: 'The source of your account (`github`, `static`, `local`) and its login.',
    example: 'github:octocat',
  })
  user!: string;

  @ApiProperty({ description: 'The login of your account.', example: 'octocat' })
  login!: string;

  @ApiProperty({ description: 'Whether you are an administrator of this server.' })
  is_administrator!: boolean;
}
