import { OctoStoreError } from './octostore-error.js';

/**
 * Runs what is left of a request that has had an effect, or may have had one. If the server then stops, the outcome is unknown.
 * Without this, the error would say that nothing was done, and the request would be repeated.
 */
export async function afterEffect<T>(rest: () => Promise<T>): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    throw saysThatNothingWasDone(error) ? new OctoStoreError('outcome_unknown', { cause: error }) : error;
  }
}

function saysThatNothingWasDone(error: unknown): boolean {
  return error instanceof OctoStoreError && (error.code === 'shutting_down' || error.code === 'no_leader');
}
