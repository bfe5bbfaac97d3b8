import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { NoAnswerError } from '../sign-in/limited-request.js';

/** The shape of OAuth's error codes, and of those of the library. */
const CODE = /^[A-Za-z_]{1,64}$/;

/** What the token endpoint says about a code or a refresh token, and not about our settings. */
const ABOUT_THE_GRANT: ReadonlySet<string> = new Set(['invalid_grant', 'access_denied']);

/** Failures of a token itself. Everything else that goes wrong is about the provider or the way to it. */
const ABOUT_THE_TOKEN: ReadonlySet<string> = new Set([
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_UNSUPPORTED_OPERATION',
]);

/** Whether the sign-in itself was refused: the code is not valid, or the token is forged, for someone else or too old. */
export function isVerdictOnTheUser(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError) return true;
  if (error instanceof ResponseBodyError) return isRefusedGrant(error);
  return error instanceof ClientError && ABOUT_THE_TOKEN.has(error.code ?? '');
}

/** Whether the provider itself said that it no longer accepts a code or a refresh token. */
export function isRefusedGrant(error: unknown): boolean {
  return error instanceof ResponseBodyError && ABOUT_THE_GRANT.has(error.error);
}

/** Why something failed, for the log. The messages of the library may contain tokens, so only known texts are used. */
export function reasonOf(error: unknown): string {
  const noAnswer = noAnswerIn(error);
  if (noAnswer !== null) return noAnswer.message;
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    return CODE.test(error.error) ? error.error : 'unknown';
  }
  return error instanceof ClientError && CODE.test(error.code ?? '') ? (error.code ?? '') : 'unusable answer';
}

function noAnswerIn(error: unknown): NoAnswerError | null {
  if (error instanceof NoAnswerError) return error;
  return error instanceof Error && error.cause !== undefined ? noAnswerIn(error.cause) : null;
}
