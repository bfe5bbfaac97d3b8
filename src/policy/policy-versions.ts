import { Logger } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Policy } from '../access/policy/policy.js';
import { readPolicy } from '../access/policy/read-policy.js';
import type { Accounts } from '../auth/accounts.js';
import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { UnusableRowError } from '../journal/errors.js';
import type { Journal } from '../journal/journal.js';
import { RowChanges } from '../journal/row-changes.js';
import type { PolicyRow } from '../journal/rows/policy-row.js';
import { DurableMap } from '../store/durable-map.js';
import type { LockStore } from '../store/lock-store.js';

/** How many versions are kept. */
export const VERSIONS_MAX = 100;

/** A version of the policy. */
export type PolicyVersion = Readonly<PolicyRow>;

/** The version that a change must replace. Null means any. */
export type ReplacedVersion = number | null;

interface Parts {
  readonly journal: Journal;
  readonly store: LockStore;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly access: Access;
}

/** The versions of the policy. The newest one is in force, from the moment it is durable. */
export class PolicyVersions {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Policy');
  readonly #parts: Parts;
  readonly #versions = new DurableMap<number, PolicyVersion>({
    put: (rows, version) => rows.put('policies', version),
    remove: (rows, { version }) => rows.remove('policies', version),
  });

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Loads the versions, and puts the newest one in force. Throws `UnusableRowError`. */
  static async open(parts: Parts): Promise<PolicyVersions> {
    const versions = new PolicyVersions(parts);
    const rows = await parts.journal.load('policies');
    for (const row of rows.toSorted((a, b) => a.version - b.version))
      versions.#versions.load(row.version, row);
    const { current } = versions;
    if (current !== null) await versions.#resume(current);
    return versions;
  }

  /** The version in force. Null if there never was a policy. */
  get current(): PolicyVersion | null {
    return latestOf(this.#versions.durable);
  }

  /** The versions that are kept, newest first. */
  all(): PolicyVersion[] {
    return [...this.#versions.durable.values()].toReversed();
  }

  get(version: number): PolicyVersion | null {
    return this.#versions.durable.get(version) ?? null;
  }

  /**
   * Puts another policy in force, or none. Does nothing if it is already in force. Throws `policy_changed` if another version is in force
   * than the one to replace.
   *
   * @param text a policy without mistakes. Null removes the policy.
   */
  apply(
    text: string | null,
    replaced: ReplacedVersion,
    appliedBy: UserId | null,
  ): Promise<PolicyVersion | null> {
    return this.#parts.store.settleRefusal(async () => {
      const latest = latestOf(this.#versions.ahead);
      const number = latest?.version ?? 0;
      if (replaced !== null && replaced !== number) {
        throw new OctoStoreError('policy_changed', { details: `The present version is ${number}.` });
      }
      if ((latest?.text ?? null) === text) {
        await this.#parts.store.settled();
        return latest;
      }
      return this.#write(text, number + 1, appliedBy);
    });
  }

  async #write(text: string | null, number: number, appliedBy: UserId | null): Promise<PolicyVersion> {
    const { store, clock, accounts, access } = this.#parts;
    const policy = policyIn(text);
    const version = {
      version: number,
      text,
      appliedBy,
      appliedAt: clock.wallMs(),
      afterSequence: store.counts.lastSequence,
    };
    const rows = new RowChanges();
    const pins = accounts.nameInPolicy(policy?.logins ?? new Set(), clock.wallMs(), rows);
    this.#versions.set(number, version, rows);
    this.#versions.delete(number - VERSIONS_MAX, rows);
    rows.onDurable(() => access.enforce(policy, version.afterSequence));
    await store.write(rows);
    accounts.named.logPins(pins);
    this.#logger.log({ message: 'The policy has changed', version: number, appliedBy });
    return version;
  }

  async #resume({ text, afterSequence }: PolicyVersion): Promise<void> {
    const { store, clock, accounts, access } = this.#parts;
    const policy = policyIn(text);
    const rows = new RowChanges();
    const pins = accounts.nameInPolicy(policy?.logins ?? new Set(), clock.wallMs(), rows);
    if (pins.length > 0) await store.write(rows);
    access.enforce(policy, afterSequence);
  }
}

function latestOf(versions: ReadonlyMap<number, PolicyVersion>): PolicyVersion | null {
  return [...versions.values()].at(-1) ?? null;
}

/** Throws `UnusableRowError` if the text is not a policy. Whether it is one was checked before it was stored. */
function policyIn(text: string | null): Policy | null {
  if (text === null) return null;
  const { document } = readPolicy(text);
  if (document === null) throw new UnusableRowError('policies');
  return new Policy(document);
}
