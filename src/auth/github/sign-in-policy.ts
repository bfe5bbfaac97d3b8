import { OctoStoreError } from '../../errors/octostore-error.js';
import type { NamedAccounts } from '../named-accounts.js';
import type { Identity } from '../user-directory.js';
import type { GitHubClient } from './github-client.js';
import type { GitHubSettings } from './github-settings.js';

/** `unknown` means that GitHub did not say. */
type Membership = 'active' | 'none' | 'unknown';

/** Decides who of GitHub's users may sign in. Whoever is in one of the lists may; if there are none, everybody may. */
export class SignInPolicy {
  readonly #orgs: readonly string[];

  constructor(
    private readonly settings: GitHubSettings,
    private readonly client: GitHubClient,
    private readonly named: NamedAccounts,
  ) {
    this.#orgs = settings.allowedOrgs;
  }

  /** What the user must be asked to allow, so that the lists can be checked. */
  get scope(): string[] | undefined {
    return this.#orgs.length > 0 ? ['read:org'] : undefined;
  }

  /**
   * Throws `sign_in_not_allowed`, or `github_unavailable` when GitHub does not say whether somebody may come in.
   *
   * @param accessToken GitHub's token for this user.
   */
  async assertAllowed(identity: Identity, accessToken: string): Promise<void> {
    this.named.assertNotTakenOver(identity);
    const isOpen = this.settings.allowedUsers.length === 0 && this.#orgs.length === 0;
    if (isOpen || this.named.mayEnter(identity)) return;
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
