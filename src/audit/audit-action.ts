/** Every action that the audit records, with what it means. `docs/audit.md` lists them. */
export const AUDIT_ACTIONS = {
  sign_in: 'Someone signed in, and got a token.',
  authentication: 'Requests with an invalid token or key. Repetitions are counted.',
  administration: 'Requests for administrators by users who are none. Repetitions are counted.',
  forgery:
    'Requests with a browser session that another website may have made (`csrf_failed`). Repetitions are counted.',
  'configuration.change':
    'A server began to lead with other static tokens, administrators, keys, sign-ins or trusted issuers in its configuration than the leader before. The details have all of them.',
  'user.create': 'An account was created without a sign-in.',
  'token.create': 'A token was created.',
  'token.exchange': 'The token of a trusted issuer was exchanged for a token of this server.',
  'token.rotate': 'A token was replaced with a new one. It keeps its id.',
  'token.revoke': 'A token was ended.',
  'membership.change': 'The provider said that a user belongs to other groups than before.',
  'membership.end': 'A user lost all groups, and the access that depends on them.',
  'token.break_glass': 'A token of an administrator was created for an emergency.',
  'service.create': 'A service account was created.',
  'service.owners': 'The owners of a service account were replaced.',
  'service.delete': 'A service account was deleted, with its tokens.',
  'policy.apply': 'A version of the policy was put in force.',
  'policy.remove': 'The policy was removed.',
  'lock.break': 'Leases that others had were ended.',
  'fence.delete': 'A fence was deleted.',
  'webhook.suspend': 'An administrator suspended a webhook.',
  'webhook.resume': 'An administrator ended the suspension of a webhook.',
  'webhook.delete': 'An administrator deleted a webhook.',
  'secret_key.replace':
    'Stored secrets were encrypted with another `SECRET_KEY`. Each commit that does so has a record.',
  'database.backup': 'The server made a scheduled backup.',
  'database.move':
    'The database was moved here with `octostore migrate`. The records before this one were made in the other database.',
  'database.jump':
    'The server goes on from an earlier state: a backup was restored, or a standby of PostgreSQL took over that may lack commits.',
  'database.import': 'Accounts and webhooks were imported from another server with `octostore import`.',
  'fencing.floor': 'Fencing tokens were made to continue above a number, with `octostore fencing floor`.',
  'audit.prune': 'The oldest records were deleted. The details name the last of them.',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
