import { OctoStoreError } from '../../errors/octostore-error.js';
import type { NamedAccounts } from '../named-accounts.js';
import type { Identity } from '../user-directory.js';
import type { GitHubClient } from './github-client.js';
import type { GitHubSettings } from './github-settings.js';

/** `unknown` means that GitHub did not give an answer. */
type Membership = 'active' | 'none' | 'unknown';

/** Decides which GitHub users may sign in: anyone on one of the lists, or anyone at all if there are no lists. */
export class SignInPolicy {
  readonly #orgs: readonly string[];

  constructor(
    private readonly settings: GitHubSettings,
    private readonly client: GitHubClient,
    private readonly named: NamedAccounts,
  ) {
    this.#orgs = settings.allowedOrgs;
  }

  /** The permissions to request from the user, so that the lists can be checked. */
  get scope(): string[] | undefined {
    return this.#orgs.length > 0 ? ['read:org'] : undefined;
  }

  /**
   * Throws `sign_in_not_allowed`, or `github_unavailable` if GitHub does not say whether the user is on a list.
   *
   * @param accessToken GitHub's token for this user.
   */
  async assertAllowed(identity: Identity, accessToken: string): Promise<void> {
    this.named.assertNotTakenOver(identity);
    const isAnyoneAllowed = this.settings.allowedUsers.length === 0 && this.#orgs.length === 0;
    if (isAnyoneAllowed || this.named.isAllowed(identity)) return;
    const memberships = await Promise.all(this.#orgs.map((org) => this.#membershipIn(org, accessToken)));
    if (memberships.includes('active')) return;
    throw new OctoStoreError(memberships.includes('unknown') ? 'github_unavailable' : 'sign_in_not_allowed');
  }

  async #membershipIn(org: string, accessToken: string): Promise<Membership> {
    const url = `${this.settings.apiUrl}/user/memberships/orgs/${encodeURIComponent(org)}`;
    try {
      const headers = { authorization: `Bearer ${accessToken}` };
      const { status, json } = await this.client.send({ method: 'GET', url, headers, body: null });
      if (status === 404) return 'none';
      if (status === 200 && json?.['state'] === 'active') return 'active';
      if (status === 200 && json?.['state'] === 'pending') return 'none';
      this.client.unavailable(url, `status ${status}`);
      return 'unknown';
    } catch {
      return 'unknown'; // The client has logged why.
    }
  }
}
