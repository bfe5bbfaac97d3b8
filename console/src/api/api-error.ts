/** An answer of the server that is not the one we asked for. `status` is 0 if there was no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }

  /** Whether the server refuses this to the user, and would go on refusing it. */
  get isForbidden(): boolean {
    return this.status === 403;
  }

  /** Whether the server could not be reached. */
  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', 'The server does not answer. Check your connection to it.');
}

/** The error in a reply. Proxies answer with bodies of their own, so nothing about it is certain. */
export function errorOf(status: number, body: unknown): ApiError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string): string | null => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return new ApiError(
    status,
    text('code') ?? 'unknown',
    text('error') ?? `The server answered with status ${status}, and nothing that explains it. Try again.`,
    text('details'),
    text('request_id'),
  );
}

/** Any failure as an error of the API. */
export function toApiError(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  if (failure instanceof TypeError) return unreachable();
  return new ApiError(0, 'unknown', failure instanceof Error ? failure.message : String(failure));
}
