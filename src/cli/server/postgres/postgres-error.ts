/** PostgreSQL cannot be used now. The message says what happened and what to do. The cause is the error of the driver. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';

  /** @param exitCode how a command exits that fails because of this. */
  constructor(
    message: string,
    readonly exitCode: number,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}
