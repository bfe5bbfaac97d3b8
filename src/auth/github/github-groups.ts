import type { GitHubClient } from './github-client.js';

/** `unknown` means that GitHub did not give an answer. */
export type Membership = 'active' | 'none' | 'unknown';

const ORG = 'org:';
const TEAM = 'team:';

/** Whether a subject of a policy is an organization or a team of GitHub. */
export function isGitHubGroup(subject: string): boolean {
  return subject.startsWith(ORG) || subject.startsWith(TEAM);
}

export function orgSubject(org: string): string {
  return `${ORG}${org.toLowerCase()}`;
}

interface Asked {
  readonly apiUrl: string;
  readonly login: string;
  /** GitHub's token for this user. */
  readonly accessToken: string;
}

/** Asks GitHub which of these organizations and teams, named as in policies, a user belongs to. */
export async function membershipsIn(
  client: GitHubClient,
  subjects: Iterable<string>,
  asked: Asked,
): Promise<ReadonlyMap<string, Membership>> {
  const answers = new Map<string, Membership>();
  const ask = async (subject: string): Promise<void> => {
    answers.set(subject, await membershipIn(client, subject, asked));
  };
  await Promise.all([...subjects].map(ask));
  return answers;
}

async function membershipIn(
  client: GitHubClient,
  subject: string,
  { apiUrl, login, accessToken }: Asked,
): Promise<Membership> {
  const url = `${apiUrl}${pathOf(subject, login)}`;
  try {
    const headers = { authorization: `Bearer ${accessToken}` };
    const { status, json } = await client.send({ method: 'GET', url, headers, body: null });
    if (status === 404) return 'none';
    if (status === 200 && json?.['state'] === 'active') return 'active';
    if (status === 200 && json?.['state'] === 'pending') return 'none';
    client.unavailable(url, `status ${status}`);
    return 'unknown';
  } catch {
    return 'unknown'; // The client has logged why.
  }
}

function pathOf(subject: string, login: string): string {
  if (subject.startsWith(ORG))
    return `/user/memberships/orgs/${encodeURIComponent(subject.slice(ORG.length))}`;
  const [org = '', team = ''] = subject.slice(TEAM.length).split('/');
  return `/orgs/${encodeURIComponent(org)}/teams/${encodeURIComponent(team)}/memberships/${encodeURIComponent(login)}`;
}
