import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { ERRORS } from '../errors/error-table.js';
import { ApiErrors } from '../http/answer/api-errors.decorator.js';
import { FenceResponse } from './dto/fence.dto.js';
import { StaleToken } from './dto/stale-token.dto.js';

/** Documents the answers of a route that compares a token with a fence. */
export function ApiTokenCheck(): MethodDecorator {
  return applyDecorators(
    ApiOkResponse({ type: FenceResponse, description: 'The fence has seen no higher token' }),
    ApiResponse({
      status: ERRORS.stale_fencing_token.status,
      type: StaleToken,
      description: `\`stale_fencing_token\`: ${ERRORS.stale_fencing_token.message}`,
    }),
    ApiErrors('malformed_json', 'body_too_large', 'forbidden'),
  );
}
