import { DatabaseError } from 'pg';

/** What the server answers, with one of its codes. */
export function serverError(code: string): DatabaseError {
  const error = new DatabaseError(`the simulated database answers ${code}`, 0, 'error');
  error.code = code;
  return error;
}
