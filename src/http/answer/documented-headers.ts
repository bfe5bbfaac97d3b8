import type { ApiResponseOptions } from '@nestjs/swagger';

type Headers = NonNullable<ApiResponseOptions['headers']>;

export const RETRY_AFTER: Headers = {
  'Retry-After': {
    description: 'How many seconds to wait before you try again.',
    schema: { type: 'integer', minimum: 1 },
  },
};

const BY_STATUS: Readonly<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': { description: 'Asks for a bearer token.', schema: { type: 'string' } } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** The headers of errors with a status, besides those of every answer. Spread this into the answer's description. */
export function documentedHeaders(status: number): { readonly headers?: Headers } {
  const headers = BY_STATUS[status];
  return headers === undefined ? {} : { headers };
}
