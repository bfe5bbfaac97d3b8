import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import { LockStore } from '../../store/lock-store.js';
import { Accounts } from '../accounts.js';
import { existingUser } from './existing-user.js';
import { serviceAccountFacts, type ServiceAccountFacts } from './service-account-facts.js';

/** Service accounts, for administrators. */
@Injectable()
export class ServiceAccountAdministration {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
  ) {}

  /** All service accounts, oldest first. */
  list(): Promise<ServiceAccountFacts[]> {
    return this.store.read(() =>
      this.accounts.services.all().flatMap((account) => serviceAccountFacts(account, this.accounts)),
    );
  }

  /** Throws `service_account_exists`, `service_account_limit_exceeded`, and what naming an owner throws. */
  async create(name: string, owners: readonly string[], origin: Origin): Promise<ServiceAccountFacts> {
    const user = await this.accounts.serviceChanges.create(name, await this.#ownersNamed(owners), origin);
    return this.#facts(user);
  }

  /** Replaces all owners. Throws `service_account_not_found`, and what naming an owner throws. */
  async changeOwners(name: string, owners: readonly string[], origin: Origin): Promise<ServiceAccountFacts> {
    const user = await this.#existing(name);
    await this.accounts.serviceChanges.changeOwners(user, await this.#ownersNamed(owners), origin);
    return this.#facts(user);
  }

  /** Throws `service_account_not_found`. */
  async remove(name: string, origin: Origin): Promise<void> {
    await this.accounts.serviceChanges.remove(await this.#existing(name), origin);
  }

  #existing(name: string): Promise<Readonly<UserRow>> {
    return this.store.settleRefusal(async () => {
      const user = this.accounts.serviceUser(name);
      if (user === null) throw new OctoStoreError('service_account_not_found');
      return Promise.resolve(user);
    });
  }

  #ownersNamed(names: readonly string[]): Promise<UserId[]> {
    return this.store.settleRefusal(async () => {
      const owners = names.map((name) => this.#ownerNamed(name));
      return Promise.resolve([...new Set(owners)]);
    });
  }

  #ownerNamed(name: string): UserId {
    const { provider, userId } = existingUser(name, this.accounts);
    if (provider !== 'service') return userId as UserId;
    throw new OctoStoreError('owner_not_allowed', { details: `${name} is a service account.` });
  }

  #facts({ userId }: Readonly<UserRow>): ServiceAccountFacts {
    const account = this.accounts.services.get(userId as UserId);
    const [facts] = account === null ? [] : serviceAccountFacts(account, this.accounts);
    if (facts === undefined) throw new OctoStoreError('service_account_not_found');
    return facts;
  }
}
