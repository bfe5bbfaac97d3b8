import type { UserRow } from '../../journal/rows/user-row.js';
import type { MembershipAnswer, MembershipSource } from '../memberships/membership-source.js';
import type { GitHubAnswer, GitHubClient } from './github-client.js';
import { identityOf } from './github-profile.js';
import type { GitHubSettings } from './github-settings.js';
import type { SignInPolicy } from './sign-in-policy.js';

/** How many requests to GitHub are left over for the user. */
const REQUESTS_KEPT = 100;

const UNANSWERED: MembershipAnswer = { kind: 'unanswered', retryAfterMs: null };

/** Asks GitHub again about an account, with the token that its user has given to this server. */
export class GitHubMemberships implements MembershipSource {
  readonly provider = 'github';

  constructor(
    private readonly settings: Pick<GitHubSettings, 'apiUrl'>,
    private readonly client: GitHubClient,
    private readonly policy: SignInPolicy,
    private readonly nowMs: () => number,
  ) {}

  askedFor(): ReadonlySet<string> {
    return this.policy.asked;
  }

  async ask(user: Readonly<UserRow>, credential: string): Promise<MembershipAnswer> {
    const profile = await this.#profile(credential);
    if (profile === null) return UNANSWERED;
    if (profile.status === 401) return { kind: 'revoked' };
    const retryAfterMs = this.#pauseAskedBy(profile);
    if (profile.status !== 200 || retryAfterMs !== null) return { kind: 'unanswered', retryAfterMs };
    // The user may have another login by now, by which GitHub knows the members of teams.
    const identity = identityOf(profile.json);
    if (identity === null) return UNANSWERED;
    if (identity.subject !== user.subject) return { kind: 'revoked' };
    const { admission, groups, isComplete } = await this.policy.judge(identity, credential);
    if (!isComplete || admission === 'unknown') return UNANSWERED;
    if (admission === 'no') return { kind: 'excluded' };
    return { kind: 'confirmed', groups, basis: admission, credential };
  }

  async #profile(credential: string): Promise<GitHubAnswer | null> {
    const headers = { authorization: `Bearer ${credential}` };
    const url = `${this.settings.apiUrl}/user`;
    try {
      return await this.client.send({ method: 'GET', url, headers, body: null });
    } catch {
      return null; // The client has logged why.
    }
  }

  /** How long GitHub wants to be left alone. Null if it does not. */
  #pauseAskedBy({ status, headers }: GitHubAnswer): number | null {
    const retryAfter = numberIn(headers['retry-after']);
    if (retryAfter !== null && status !== 200) return retryAfter * 1000;
    const remaining = numberIn(headers['x-ratelimit-remaining']);
    const resetsAt = numberIn(headers['x-ratelimit-reset']);
    if (remaining === null || resetsAt === null || remaining > REQUESTS_KEPT) return null;
    return Math.max(0, resetsAt * 1000 - this.nowMs());
  }
}

function numberIn(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,12}$/.test(header) ? Number(header) : null;
}
