import { ApiProperty } from '@nestjs/swagger';

/** A provider that people can sign in at. */
export class SignInProvider {
  @ApiProperty({ description: 'The kind of provider.', enum: ['github', 'oidc'] })
  kind!: 'github' | 'oidc';

  @ApiProperty({ description: 'What people call the provider.', example: 'GitHub' })
  name!: string;

  @ApiProperty({
    description:
      'Where a sign-in begins. Add `return_to`, so that it ends in a browser session at that address, and not in a token.',
    example: '/auth/github',
  })
  url!: string;
}

export class SignInWays {
  @ApiProperty({
    description: 'The providers that are configured. A token can always be used instead.',
    type: [SignInProvider],
  })
  providers!: SignInProvider[];
}
