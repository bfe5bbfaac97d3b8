import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { KEYS_PATH, IssuerDouble } from '../../../../lab/kit/doubles/issuer-double.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { makeFolder } from '../../../support/temp-folder.js';
import { applyPolicy } from '../../access/policy-suite.js';
import { newLeaseId, Suite } from '../../suite.js';

/** The examples in the documentation. */
const DOC = readFileSync('docs/access.md', 'utf8');
const SECTION = DOC.slice(DOC.indexOf('## Let CI exchange its own tokens'));
const [ISSUERS = '', POLICY = ''] = [...SECTION.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);

const AUDIENCE = 'https://locks.example.com';
const clock = new ManualClock();
const now = (): number => Math.floor(clock.wallMs() / 1000);

/** Claims as the platforms write them. */
const GITHUB: JWTPayload = {
  jti: 'f0c1b7b6-5d2e-4c5a-9f5e-1f3f4d0a7c11',
  sub: 'repo:acme/billing:ref:refs/heads/main',
  aud: AUDIENCE,
  ref: 'refs/heads/main',
  sha: '7e1f2c3d4b5a69788796a5b4c3d2e1f00f1e2d3c',
  repository: 'acme/billing',
  repository_owner: 'acme',
  repository_owner_id: '65',
  run_id: '30433642',
  run_number: '10',
  run_attempt: '2',
  repository_visibility: 'private',
  repository_id: '74',
  actor_id: '12',
  actor: 'octocat',
  workflow: 'deploy',
  head_ref: '',
  base_ref: '',
  event_name: 'push',
  ref_protected: 'true',
  ref_type: 'branch',
  workflow_ref: 'acme/billing/.github/workflows/deploy.yml@refs/heads/main',
  workflow_sha: '7e1f2c3d4b5a69788796a5b4c3d2e1f00f1e2d3c',
  job_workflow_ref: 'acme/billing/.github/workflows/deploy.yml@refs/heads/main',
  job_workflow_sha: '7e1f2c3d4b5a69788796a5b4c3d2e1f00f1e2d3c',
  runner_environment: 'github-hosted',
  iss: 'https://token.actions.githubusercontent.com',
};

const GITLAB: JWTPayload = {
  namespace_id: '72',
  namespace_path: 'acme',
  project_id: '20',
  project_path: 'acme/app',
  user_id: '1',
  user_login: 'sample-user',
  user_email: 'sample-user@example.com',
  user_access_level: 'developer',
  pipeline_id: '574',
  pipeline_source: 'push',
  job_id: '302',
  ref: 'main',
  ref_type: 'branch',
  ref_path: 'refs/heads/main',
  ref_protected: 'true',
  groups_direct: ['acme'],
  runner_id: 1,
  runner_environment: 'self-hosted',
  sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
  project_visibility: 'private',
  ci_config_ref_uri: 'gitlab.example.com/acme/app//.gitlab-ci.yml@refs/heads/main',
  ci_config_sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
  jti: '235b3a54-b797-45c7-ae9a-f72d7bc6ef5b',
  iss: 'https://gitlab.example.com',
  sub: 'project_path:acme/app:ref_type:branch:ref:main',
  aud: AUDIENCE,
};

const KUBERNETES: JWTPayload = {
  aud: [AUDIENCE],
  iss: 'https://kubernetes.default.svc.cluster.local',
  jti: 'e51f1fbc-4733-4b85-a59f-ba80c0523874',
  'kubernetes.io': {
    namespace: 'jobs',
    node: { name: 'worker-1', uid: '517eb86e-b863-451b-bf70-86cb61439a3a' },
    pod: { name: 'nightly', uid: '0d8b260e-ef0e-45fb-be8e-ff44f97722e8' },
    serviceaccount: { name: 'nightly', uid: 'e6a8680e-d103-4cce-80ea-03acbbeacf7d' },
    warnafter: 1_717_674_962,
  },
  sub: 'system:serviceaccount:jobs:nightly',
};

/** How long the tokens of each platform last, in seconds, and their headers. */
const PLATFORMS = {
  github: { claims: GITHUB, seconds: 300, header: { typ: 'JWT', x5t: 'eBZ_cn3sXYAd0ch4THBKHIgOwOE' } },
  gitlab: { claims: GITLAB, seconds: 3600, header: { typ: 'JWT' } },
  kubernetes: { claims: KUBERNETES, seconds: 3607, header: { typ: undefined } },
} as const;

type Platform = keyof typeof PLATFORMS;

const suite = new Suite();
const folder = makeFolder();
let issuer: IssuerDouble;

/** The example, with the keys of all issuers on the double. */
function issuersFile(): string {
  const { issuers } = parse(ISSUERS) as { issuers: object[] };
  const tokenFile = join(folder.path, 'server-token');
  writeFileSync(tokenFile, 'token-of-the-server\n');
  const entries = issuers.map((entry) => ({
    ...entry,
    jwks_uri: `${issuer.url}${KEYS_PATH}`,
    ca_file: issuer.certificate.caFile,
    ...('bearer_token_file' in entry ? { bearer_token_file: tokenFile } : {}),
  }));
  const file = join(folder.path, 'issuers.yaml');
  writeFileSync(file, JSON.stringify({ issuers: entries }));
  return file;
}

beforeAll(async () => {
  issuer = await IssuerDouble.start();
  await suite.start({ TRUSTED_ISSUERS_FILE: issuersFile() }, clock);
  await applyPolicy(suite, POLICY);
});

afterAll(async () => {
  await suite.stop();
  await issuer.close();
  folder.remove();
});

async function exchange(platform: Platform, changes: JWTPayload = {}) {
  const { claims, seconds, header } = PLATFORMS[platform];
  const times = { iat: now(), nbf: now(), exp: now() + seconds };
  const token = await issuer.sign({ ...claims, ...times, ...changes }, header);
  return suite.nobody.post('/auth/exchange', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  });
}

/** The status of an acquire with an exchanged token. */
async function acquires(platform: Platform, lock: string, changes: JWTPayload = {}): Promise<number> {
  const { body } = await exchange(platform, changes);
  const job = suite.nobody.as(String(body['access_token']));
  const lease_id = newLeaseId();
  const { status } = await job.post(`/locks/${lock}/acquire`, { ttl_seconds: 60, lease_id });
  if (status === 200) await job.post(`/locks/${lock}/release`, { lease_id });
  return status;
}

describe('the example of the documentation', () => {
  test('GitHub Actions: only the main branch of one repository deploys', async () => {
    expect(await acquires('github', 'deploy/billing')).toBe(200);
    expect(await acquires('github', 'gitlab/app')).toBe(403);
    for (const sub of [
      'repo:acme/billing:pull_request',
      'repo:acme/billing:ref:refs/heads/main2',
      'repo:acme/billing:environment:main',
      'repo:acme/billing2:ref:refs/heads/main',
    ])
      expect(await acquires('github', 'deploy/billing', { sub })).toBe(403);
  });

  test('GitHub Actions: repositories of others are refused', async () => {
    const { body } = await exchange('github', { sub: 'repo:evil/billing:ref:refs/heads/main' });
    expect(body['code']).toBe('subject_not_allowed');
    const renamed = await exchange('github', { repository_owner_id: '66' });
    expect(renamed.body['code']).toBe('subject_not_allowed');
  });

  test('GitLab: the main branch of each project of a group', async () => {
    expect(await acquires('gitlab', 'gitlab/app')).toBe(200);
    expect(await acquires('gitlab', 'deploy/billing')).toBe(403);
    const sub = 'project_path:acme/platform/app:ref_type:branch:ref:main';
    expect(await acquires('gitlab', 'gitlab/app', { sub })).toBe(200);
    const tag = 'project_path:acme/app:ref_type:tag:ref:main';
    expect(await acquires('gitlab', 'gitlab/app', { sub: tag })).toBe(403);
  });

  test('Kubernetes: one service account, whose cluster gets the token of the server', async () => {
    expect(await acquires('kubernetes', 'nightly/report')).toBe(200);
    expect(issuer.headers.map(({ authorization }) => authorization)).toContain('Bearer token-of-the-server');
    const other = 'system:serviceaccount:jobs:other';
    expect(await acquires('kubernetes', 'nightly/report', { sub: other })).toBe(403);
    const { body } = await exchange('kubernetes', { sub: 'system:serviceaccount:default:nightly' });
    expect(body['code']).toBe('subject_not_allowed');
  });

  test('no issuer vouches for the subjects of another one', async () => {
    const { sub } = GITHUB;
    expect((await exchange('gitlab', { sub })).body['code']).toBe('subject_not_allowed');
  });
});
