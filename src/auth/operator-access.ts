import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Action, SubjectOf } from '../access/may.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { Accounts } from './accounts.js';
import type { Operator } from './operator.js';

/** Which operators may do what. Administrators may do everything, and others what the policy grants them. */
@Injectable()
export class OperatorAccess {
  constructor(
    private readonly access: Access,
    @Inject(Accounts) private readonly accounts: Pick<Accounts, 'isAdmin'>,
  ) {}

  isAdministrator(operator: Operator): boolean {
    return operator === null || this.accounts.isAdmin(operator);
  }

  may<A extends Action>(operator: Operator, action: A, subject: SubjectOf[A]): boolean {
    return operator === null || this.accounts.isAdmin(operator) || this.access.may(operator, action, subject);
  }

  /** Throws `forbidden`, or `admin_required` if there is no policy. */
  assertMay<A extends Action>(operator: Operator, action: A, subject: SubjectOf[A]): void {
    if (operator === null || this.accounts.isAdmin(operator)) return;
    if (!this.access.hasPolicy) throw new OctoStoreError('admin_required');
    this.access.assertMay(operator, action, subject);
  }
}
