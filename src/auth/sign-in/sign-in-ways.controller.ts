import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CONFIG } from '../../config/config.module.js';
import type { Config } from '../../config/config.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { SignInProvider, SignInWays } from './sign-in-ways.dto.js';

@ApiTags('Authentication')
@ApiErrors('malformed_request', 'overloaded')
@Controller('auth/sign-in')
export class SignInWaysController {
  readonly #providers: SignInProvider[];

  constructor(@Inject(CONFIG) config: Config) {
    this.#providers = providersIn(config);
  }

  /**
   * List the ways to sign in
   *
   * @remarks For pages that ask people to sign in. Needs no token.
   */
  @Get()
  @ApiOkResponse({ type: SignInWays, description: 'The ways to sign in' })
  listSignInWays(): SignInWays {
    return { providers: this.#providers };
  }
}

function providersIn({ GITHUB_CLIENT_ID, OIDC_CLIENT_ID, OIDC_NAME }: Config): SignInProvider[] {
  const providers: SignInProvider[] = [];
  if (GITHUB_CLIENT_ID !== undefined) providers.push({ kind: 'github', name: 'GitHub', url: '/auth/github' });
  if (OIDC_CLIENT_ID !== undefined) providers.push({ kind: 'oidc', name: OIDC_NAME, url: '/auth/oidc' });
  return providers;
}
