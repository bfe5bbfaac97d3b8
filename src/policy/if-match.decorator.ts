import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { ReplacedVersion } from './policy-versions.js';

const VERSION = /^(?:W\/)?"(\d{1,15})"$/;

/** The version of the policy that the request wants to replace. Throws `validation_failed`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): ReplacedVersion => {
  const text = context.switchToHttp().getRequest<Request>().headers['if-match']?.trim();
  if (text === '*') return null;
  const version = VERSION.exec(text ?? '')?.[1];
  if (version !== undefined) return Number(version);
  throw new OctoStoreError('validation_failed', {
    details:
      'If-Match must be the ETag of GET /admin/policy, such as "7", or * to replace whatever is in force.',
  });
});

/** Documents the header. */
export function ApiIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: true,
      description:
        'The `ETag` of the policy that you have read, so that you do not undo the change of someone else. `*` replaces any.',
      schema: { type: 'string', example: '"7"' },
    }),
  );
}
