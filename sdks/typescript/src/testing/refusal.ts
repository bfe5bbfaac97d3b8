import { ERRORS, type ErrorCode } from '#server/errors/error-table.js';

/** Fields of the body besides those that all errors have. */
interface RefusalFields {
  readonly details?: string;
  readonly body?: object;
}

/** A request that is refused. */
export class Refusal extends Error {
  readonly #fields: RefusalFields;

  constructor(
    readonly code: ErrorCode,
    fields: RefusalFields = {},
  ) {
    super(ERRORS[code].message);
    this.#fields = fields;
  }

  response(): Response {
    const { details, body } = this.#fields;
    const request_id = crypto.randomUUID();
    const { status, message } = ERRORS[this.code];
    return Response.json({ error: message, code: this.code, details, request_id, ...body }, { status });
  }
}

export function invalid(details: string): Refusal {
  return new Refusal('validation_failed', { details });
}
