import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ErrorBody } from '../../http/answer/error-body.dto.js';
import { operationsOf } from './operations.js';

/**
 * Adds a `default` answer to each operation. Errors such as `malformed_request` and `internal_error` can come from every
 * route, and have the same shape as the errors that a route lists.
 */
export function describeOtherErrors(document: OpenAPIObject): void {
  for (const { responses } of operationsOf(document)) {
    responses.default = {
      description: 'Any other error.',
      content: { 'application/json': { schema: { $ref: getSchemaPath(ErrorBody) } } },
    };
  }
}
