import { Injectable } from '@nestjs/common';
import { changesBetween } from '../access/policy/policy-changes.js';
import { readPolicy, type ReadPolicy } from '../access/policy/read-policy.js';
import type { Origin } from '../audit/origin.js';
import { Accounts } from '../auth/accounts.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { ADMINISTRATOR } from '../locks/administrator.js';
import { LockStore } from '../store/lock-store.js';
import { explain } from './explain.js';
import type {
  PolicyApplied,
  PolicyCheck,
  PolicyVersionBody,
  PolicyVersionList,
  PolicyVersionSummary,
  PolicyWhy,
  PolicyWhyQuery,
} from './policy.dto.js';
import { isUnknownUser, policyUser } from './policy-user.js';
import { PolicyVersions, type PolicyVersion, type ReplacedVersion } from './policy-versions.js';

/** The policy, for administrators. */
@Injectable()
export class PolicyService {
  constructor(
    private readonly store: LockStore,
    private readonly versions: PolicyVersions,
    private readonly accounts: Accounts,
  ) {}

  current(): Promise<PolicyVersionBody> {
    return this.store.read(() => this.#present(this.versions.current));
  }

  list(): Promise<PolicyVersionList> {
    return this.store.read(() => ({
      versions: this.versions.all().map((version) => this.#summary(version)),
    }));
  }

  /** Throws `policy_version_not_found`. */
  version(number: number): Promise<PolicyVersionBody> {
    return this.store.settleRefusal(async () => {
      const version = this.versions.get(number);
      if (version === null) throw new OctoStoreError('policy_version_not_found');
      await this.store.settled();
      return this.#present(version);
    });
  }

  /** Throws `policy_invalid` and `policy_changed`. */
  async apply(text: string, replaced: ReplacedVersion, origin: Origin): Promise<PolicyApplied> {
    const { document, grantLines, mistakes, warnings } = this.#read(text);
    if (document === null) {
      const details = mistakes.map(({ line, message }) => `Line ${line}: ${message}`).join(' ');
      throw new OctoStoreError('policy_invalid', { details, body: { mistakes } });
    }
    return {
      ...this.#present(await this.versions.apply({ text, document, grantLines }, replaced, origin)),
      warnings: [...warnings],
    };
  }

  /** Throws `policy_changed`. */
  async remove(replaced: ReplacedVersion, origin: Origin): Promise<PolicyVersionBody> {
    return this.#present(await this.versions.apply(null, replaced, origin));
  }

  check(text: string): Promise<PolicyCheck> {
    const { document, mistakes, warnings } = this.#read(text);
    return this.store.read(() => {
      const { current, inForce } = this.versions;
      const { added, removed } =
        document === null ? { added: [], removed: [] } : changesBetween(inForce?.document ?? null, document);
      return {
        valid: document !== null,
        mistakes: [...mistakes],
        warnings: [...warnings],
        version: current?.version ?? 0,
        changes: { added: [...added], removed: [...removed] },
      };
    });
  }

  /** Throws `validation_failed`, `user_not_found` and `user_ambiguous`. */
  why({ user, action, lock }: PolicyWhyQuery): Promise<PolicyWhy> {
    return this.store.settleRefusal(async () => {
      await this.store.settled();
      return explain(policyUser(user, this.accounts), action, lock, this.versions.inForce);
    });
  }

  #read(text: string): ReadPolicy {
    return readPolicy(text, (subject) => isUnknownUser(subject, this.accounts));
  }

  #present(version: PolicyVersion | null): PolicyVersionBody {
    return { ...this.#summary(version), text: version?.text ?? null };
  }

  #summary(version: PolicyVersion | null): PolicyVersionSummary {
    if (version === null) return { version: 0, removed: true, applied_at: null, applied_by: null };
    const { appliedBy } = version;
    return {
      version: version.version,
      removed: version.text === null,
      applied_at: new Date(version.appliedAt).toISOString(),
      applied_by: appliedBy === null ? ADMINISTRATOR : this.accounts.loginOf(appliedBy),
    };
  }
}
