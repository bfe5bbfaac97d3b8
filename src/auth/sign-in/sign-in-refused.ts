import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Identity } from '../user-directory.js';

/** Someone has proven who they are, and may not sign in. */
export class SignInRefused extends OctoStoreError {
  constructor(readonly identity: Identity) {
    super('sign_in_not_allowed');
  }
}
