import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { EXAMPLE_REQUEST_ID, type ErrorBody } from './error-body.dto.js';

interface Example {
  readonly summary: string;
  readonly value: ErrorBody;
}

/** An example of an error, for the API document. */
export function errorExample(code: ErrorCode): Example {
  const { message } = ERRORS[code];
  return { summary: message, value: { error: message, code, request_id: EXAMPLE_REQUEST_ID } };
}
