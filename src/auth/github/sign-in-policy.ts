import type { Access } from '../../access/access.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import { sealCredential } from '../memberships/credential.js';
import type { Confirmed } from '../memberships/memberships.js';
import type { NamedAccounts } from '../named-accounts.js';
import { SignInRefused } from '../sign-in/sign-in-refused.js';
import type { Identity } from '../user-directory.js';
import type { GitHubClient } from './github-client.js';
import { isGitHubGroup, membershipsIn, orgSubject, type Membership } from './github-groups.js';
import type { GitHubSettings } from './github-settings.js';

interface Parts {
  readonly settings: GitHubSettings;
  readonly client: GitHubClient;
  readonly named: NamedAccounts;
  readonly access: Pick<Access, 'namedSubjects'>;
  readonly secretBox: SecretBox;
}

/** What GitHub and the lists say about a user. */
export interface Judged {
  /** Why the user may sign in. `unknown`: GitHub does not say whether the user is on a list. */
  readonly admission: 'any' | 'group' | 'no' | 'unknown';
  /** The organizations and teams that the user belongs to, of those that were asked for. */
  readonly groups: readonly string[];
  /** Whether GitHub has answered about all of them. */
  readonly isComplete: boolean;
}

/** Decides which GitHub users may sign in: anyone on one of the lists, or anyone at all if there are no lists. */
export class SignInPolicy {
  readonly #parts: Parts;
  readonly #allowedOrgs: ReadonlySet<string>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#allowedOrgs = new Set(parts.settings.allowedOrgs.map(orgSubject));
  }

  /** The permissions to request from the user, so that the lists can be checked and the policy can be applied. */
  get scope(): string[] | undefined {
    return this.asked.size > 0 ? ['read:org'] : undefined;
  }

  /** The organizations and teams that the lists and the policy name. */
  get asked(): ReadonlySet<string> {
    const inPolicy = [...this.#parts.access.namedSubjects].filter(isGitHubGroup);
    return new Set([...this.#allowedOrgs, ...inPolicy]);
  }

  /**
   * Says what is confirmed about a user who has just signed in. Throws `sign_in_not_allowed`, or `github_unavailable` if GitHub does
   * not say whether the user is on a list.
   *
   * @param accessToken GitHub's token for this user.
   */
  async admit(identity: Identity, accessToken: string): Promise<Confirmed> {
    this.#parts.named.assertNotTakenOver(identity);
    const { admission, groups } = await this.judge(identity, accessToken);
    if (admission === 'no') throw new SignInRefused(identity);
    if (admission === 'unknown') throw new OctoStoreError('github_unavailable');
    const { secretBox } = this.#parts;
    const isAsked = this.asked.size > 0;
    const credential = isAsked ? sealCredential(secretBox, identity.subject, accessToken) : null;
    return { groups, basis: admission, credential };
  }

  /** Asks GitHub about a user. */
  async judge(identity: Identity, accessToken: string): Promise<Judged> {
    const { settings, client, named } = this.#parts;
    const isOpen = settings.allowedUsers.length === 0 && settings.allowedOrgs.length === 0;
    const { apiUrl } = settings;
    const asked = { apiUrl, login: identity.login, accessToken };
    const answers = await membershipsIn(client, this.asked, asked);
    const groups = [...answers].filter(([, answer]) => answer === 'active').map(([subject]) => subject);
    const isComplete = ![...answers.values()].includes('unknown');
    const admission = isOpen || named.isAllowed(identity) ? 'any' : this.#admissionBy(answers);
    return { admission, groups, isComplete };
  }

  #admissionBy(answers: ReadonlyMap<string, Membership>): Judged['admission'] {
    const ofAllowed = new Set([...this.#allowedOrgs].map((org) => answers.get(org)));
    if (ofAllowed.has('active')) return 'group';
    return ofAllowed.has('unknown') ? 'unknown' : 'no';
  }
}
