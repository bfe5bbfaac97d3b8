import { OctoStoreError } from '../errors/octostore-error.js';
import type { Identity } from './user-directory.js';

/** Someone has proven who they are, and may not sign in. */
export class SignInRefused extends OctoStoreError {
  constructor(
    { code, details }: OctoStoreError,
    readonly identity: Identity,
  ) {
    super(code, details === undefined ? {} : { details });
  }
}
