import { Logger } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Policy } from '../access/policy/policy.js';
import type { PolicyDocument } from '../access/policy/policy-document.js';
import { readPolicy } from '../access/policy/read-policy.js';
import { hashOf } from '../audit/audit-record.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { Origin } from '../audit/origin.js';
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

/** A text that was read as a policy, which takes long for a large one. */
export interface UsablePolicy {
  readonly text: string;
  readonly document: PolicyDocument;
  /** The line in which each grant begins. */
  readonly grantLines: readonly number[];
}

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

  #inForce: UsablePolicy | null = null;

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

  /** The policy in force. Null if there is none. */
  get inForce(): UsablePolicy | null {
    return this.#inForce;
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
   * @param next null removes the policy.
   */
  apply(next: UsablePolicy | null, replaced: ReplacedVersion, origin: Origin): Promise<PolicyVersion | null> {
    return this.#parts.store.settleRefusal(async () => {
      const latest = latestOf(this.#versions.ahead);
      const number = latest?.version ?? 0;
      if (replaced !== null && replaced !== number) {
        throw new OctoStoreError('policy_changed', { details: `The present version is ${number}.` });
      }
      if ((latest?.text ?? null) === (next?.text ?? null)) {
        await this.#parts.store.settled();
        return latest;
      }
      return this.#write(next, number + 1, origin);
    });
  }

  async #write(next: UsablePolicy | null, number: number, origin: Origin): Promise<PolicyVersion> {
    const { store, clock, accounts, access } = this.#parts;
    const policy = next === null ? null : new Policy(next.document);
    const { actor } = origin;
    const appliedBy: UserId | null = actor.kind === 'user' ? actor.userId : null;
    const version = {
      version: number,
      text: next?.text ?? null,
      appliedBy,
      appliedAt: clock.wallMs(),
      afterSequence: store.counts.lastSequence,
    };
    const rows = new RowChanges();
    const pins = accounts.nameInPolicy(policy?.logins ?? new Set(), clock.wallMs(), rows);
    this.#versions.set(number, version, rows);
    this.#versions.delete(number - VERSIONS_MAX, rows);
    rows.onDurable(() => {
      this.#inForce = next;
      access.enforce(policy, version.afterSequence);
    });
    new AuditTrail(clock).record(rows, {
      action: next === null ? 'policy.remove' : 'policy.apply',
      origin,
      subject: { kind: 'policy', id: String(number) },
      outcome: 'ok',
      details: { sha256: next === null ? null : hashOf(next.text) },
    });
    await store.write(rows);
    accounts.named.logPins(pins);
    this.#logger.log({ message: 'The policy has changed', version: number, appliedBy });
    return version;
  }

  async #resume({ text, afterSequence }: PolicyVersion): Promise<void> {
    const { store, clock, accounts, access } = this.#parts;
    const next = text === null ? null : usable(text);
    const policy = next === null ? null : new Policy(next.document);
    const rows = new RowChanges();
    const pins = accounts.nameInPolicy(policy?.logins ?? new Set(), clock.wallMs(), rows);
    if (pins.length > 0) await store.write(rows);
    this.#inForce = next;
    access.enforce(policy, afterSequence);
  }
}

function latestOf(versions: ReadonlyMap<number, PolicyVersion>): PolicyVersion | null {
  return [...versions.values()].at(-1) ?? null;
}

/** Throws `UnusableRowError` if the text is not a policy. Whether it is one was checked before it was stored. */
function usable(text: string): UsablePolicy {
  const { document, grantLines } = readPolicy(text);
  if (document === null) throw new UnusableRowError('policies');
  return { text, document, grantLines };
}
