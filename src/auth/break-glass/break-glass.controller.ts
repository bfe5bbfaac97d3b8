import { Controller, Header, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { AdminOnly } from '../admin-only.decorator.js';
import { AuditRefusals } from '../audit-refusals.js';
import { CreatedToken } from '../admin-token.dto.js';
import { CurrentAdmin } from '../current-admin.decorator.js';
import { CurrentOrigin } from '../request-origins.js';
import { TokenAdministration } from '../tokens/token-administration.js';
import { BreakGlassRequest } from './break-glass.dto.js';

@ApiTags('Authentication')
@AdminOnly()
@Controller('admin/break-glass')
export class BreakGlassController {
  constructor(
    private readonly tokens: TokenAdministration,
    private readonly refusals: AuditRefusals,
  ) {}

  /**
   * Create a token for an emergency
   *
   * @remarks A token of an administrator, which expires within an hour. `octostore admin token` does the same on the server's machine. Only for
   * holders of the admin key: an administrator's token cannot create one.
   */
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: CreatedToken, description: 'Token created' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed', 'forbidden', 'token_limit_exceeded')
  @ApiErrors('overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  breakGlass(
    @ValidBody() asked: BreakGlassRequest,
    @CurrentAdmin() admin: UserId | null,
    @CurrentOrigin() origin: Origin,
  ): Promise<CreatedToken> {
    const attempt = { action: 'token.break_glass', origin, subject: null } as const;
    return this.refusals.watch(attempt, async () => {
      assertHasKey(admin);
      return this.tokens.breakGlass(asked, origin);
    });
  }
}

/** Otherwise such a token could renew itself forever, and an administrator who is removed could stay for an hour. */
function assertHasKey(admin: UserId | null): void {
  if (admin === null) return;
  throw new OctoStoreError('forbidden', {
    details: 'This needs the admin key, or "octostore admin token" on the machine of a server.',
  });
}
