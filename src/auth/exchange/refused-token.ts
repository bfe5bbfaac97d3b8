import { OctoStoreError } from '../../errors/octostore-error.js';

/** The codes with which a token of an issuer is refused. */
type RefusalCode = 'subject_token_refused' | 'subject_not_allowed';

/** A token that cannot be exchanged. The reason is a sentence for its owner, and says nothing that only the operator should know. */
export class RefusedToken extends Error {
  override readonly name = 'RefusedToken';

  constructor(
    readonly reason: string,
    readonly code: RefusalCode = 'subject_token_refused',
  ) {
    super(reason);
  }

  /** The error for the client. */
  get publicError(): OctoStoreError {
    return new OctoStoreError(this.code, { details: this.reason });
  }
}
