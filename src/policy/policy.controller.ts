import { Controller, Delete, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ServerResponse } from 'node:http';
import type { Origin } from '../audit/origin.js';
import { AdminOnly } from '../auth/admin-only.decorator.js';
import { AuditRefusals } from '../auth/audit-refusals.js';
import { CurrentOrigin } from '../auth/request-origins.js';
import { ERRORS } from '../errors/error-table.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { ValidBody, ValidQuery } from '../http/input/valid-input.decorators.js';
import { Upkeep } from '../http/routes/traits.js';
import { ApiIfMatch, IfMatch } from './if-match.decorator.js';
import {
  PolicyApplied,
  PolicyCheck,
  PolicyInvalid,
  PolicyRequest,
  PolicyVersionBody,
  PolicyVersionList,
  PolicyWhy,
  PolicyWhyQuery,
} from './policy.dto.js';
import { PolicyService } from './policy.service.js';
import type { ReplacedVersion } from './policy-versions.js';
import { VersionPipe } from './version.pipe.js';

const ETAG = {
  ETag: { description: 'The version, for `If-Match`.', schema: { type: 'string', example: '"7"' } },
} as const;

@ApiTags('Policy')
@AdminOnly()
@ApiErrors('overloaded', 'store_unavailable')
@Controller('admin/policy')
export class PolicyController {
  constructor(
    private readonly policy: PolicyService,
    private readonly refusals: AuditRefusals,
  ) {}

  /**
   * Get the policy
   *
   * @remarks The policy in force, as it was sent. Without a policy, every signed-in user may observe and acquire every lock.
   */
  @Get()
  @Upkeep()
  @ApiOkResponse({ type: PolicyVersionBody, description: 'The policy', headers: ETAG })
  async getPolicy(@Res({ passthrough: true }) response: ServerResponse): Promise<PolicyVersionBody> {
    return withETag(response, await this.policy.current());
  }

  /**
   * Apply a policy
   *
   * @remarks Replaces the policy in force as a whole. It is in force when you get the answer, on all servers. Requests that wait and event
   * streams that are open are judged by it at once. If it is already in force, nothing changes.
   */
  @Put()
  @Upkeep()
  @ApiIfMatch()
  @ApiOkResponse({ type: PolicyApplied, description: 'The policy is in force', headers: ETAG })
  @ApiErrors('malformed_json', 'body_too_large', 'policy_changed')
  @ApiResponse({
    status: 422,
    type: PolicyInvalid,
    description: (['policy_invalid', 'validation_failed'] as const)
      .map((code) => `\`${code}\`: ${ERRORS[code].message}`)
      .join('\n\n'),
  })
  async applyPolicy(
    @ValidBody() { text }: PolicyRequest,
    @IfMatch() replaced: ReplacedVersion,
    @CurrentOrigin() origin: Origin,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<PolicyApplied> {
    const attempt = { action: 'policy.apply', origin, subject: null } as const;
    const applied = await this.refusals.watch(attempt, () => this.policy.apply(text, replaced, origin));
    return withETag(response, applied);
  }

  /**
   * Remove the policy
   *
   * @remarks From then on every signed-in user may observe and acquire every lock, and the limits are those of the settings.
   */
  @Delete()
  @Upkeep()
  @ApiIfMatch()
  @ApiOkResponse({ type: PolicyVersionBody, description: 'There is no policy', headers: ETAG })
  @ApiErrors('validation_failed', 'policy_changed')
  async removePolicy(
    @IfMatch() replaced: ReplacedVersion,
    @CurrentOrigin() origin: Origin,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<PolicyVersionBody> {
    const attempt = { action: 'policy.remove', origin, subject: null } as const;
    const removed = await this.refusals.watch(attempt, () => this.policy.remove(replaced, origin));
    return withETag(response, removed);
  }

  /**
   * Check a policy
   *
   * @remarks Changes nothing. Names every mistake at once, and says what would change if you applied it.
   */
  @Post('check')
  @Upkeep()
  @HttpCode(200)
  @ApiOkResponse({ type: PolicyCheck, description: 'What is wrong with it, and what it would change' })
  @ApiErrors('malformed_json', 'body_too_large', 'validation_failed')
  checkPolicy(@ValidBody() { text }: PolicyRequest): Promise<PolicyCheck> {
    return this.policy.check(text);
  }

  /**
   * Find out why a user may do something
   *
   * @remarks Which grants of the policy in force allow it, or that none does. The user need not have signed in yet.
   */
  @Get('why')
  @Upkeep()
  @ApiOkResponse({ type: PolicyWhy, description: 'Whether the user may, and why' })
  @ApiErrors('validation_failed', 'user_not_found', 'user_ambiguous')
  whyPolicy(@ValidQuery() query: PolicyWhyQuery): Promise<PolicyWhy> {
    return this.policy.why(query);
  }

  /**
   * List the versions of the policy
   */
  @Get('versions')
  @Upkeep()
  @ApiOkResponse({ type: PolicyVersionList, description: 'The versions, newest first' })
  listPolicyVersions(): Promise<PolicyVersionList> {
    return this.policy.list();
  }

  /**
   * Get a version of the policy
   */
  @Get('versions/:version')
  @Upkeep()
  @ApiParam({
    name: 'version',
    description: 'The number of the version',
    schema: { type: 'integer', minimum: 1 },
  })
  @ApiOkResponse({ type: PolicyVersionBody, description: 'The version' })
  @ApiErrors('policy_version_not_found')
  getPolicyVersion(@Param('version', VersionPipe) version: number): Promise<PolicyVersionBody> {
    return this.policy.version(version);
  }
}

function withETag<T extends PolicyVersionBody>(response: ServerResponse, body: T): T {
  response.setHeader('ETag', `"${body.version}"`);
  return body;
}
