/** Every action that the audit records, with what it means. `docs/audit.md` lists them. */
export const AUDIT_ACTIONS = {
  sign_in: 'Someone signed in, and got a token.',
  authentication: 'Requests with an invalid token or key. Repetitions are counted.',
  authorization: 'Requests for something that is not granted. Repetitions are counted.',
  'user.create': 'An account was created without a sign-in.',
  'token.create': 'A token was created.',
  'token.rotate': 'A token was replaced with a new one. It keeps its id.',
  'token.revoke': 'A token was ended.',
  'policy.apply': 'A version of the policy was put in force.',
  'policy.remove': 'The policy was removed.',
  'lock.break': 'Leases that others had were ended.',
  'fence.delete': 'A fence was deleted.',
  'webhook.suspend': 'An administrator suspended a webhook.',
  'webhook.resume': 'An administrator resumed a webhook.',
  'webhook.delete': 'An administrator deleted a webhook.',
  'backup.create': 'The server backed up its database.',
  'secret_key.replace': 'The stored secrets were encrypted with another secret key.',
  'database.jump':
    'The server goes on from an earlier state: a backup was restored, or a standby of PostgreSQL took over that may lack commits.',
  'audit.prune': 'The oldest records were deleted. The details name the last of them.',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
