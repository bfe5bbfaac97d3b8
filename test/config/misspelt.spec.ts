import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENVIRONMENT } from '../../src/config/environment.js';
import { misspeltInEnvironment, misspeltInFile } from '../../src/config/misspelt.js';

const LOCKS = 'MAX_LOCK_PER_USER is not a setting. Did you mean MAX_LOCKS_PER_USER?';

test('a name with a typo is reported with the correct name', () => {
  expect(misspeltInFile('MAX_LOCK_PER_USER')).toBe(LOCKS);
  expect(misspeltInEnvironment('MAX_LOCK_PER_USER')).toBe(LOCKS);
});

test.each([
  ['MAX_LOCKS_PER_USR', 'MAX_LOCKS_PER_USER'],
  ['max_waiters', 'MAX_WAITERS'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['LOGLEVEL', 'LOG_LEVEL'],
  ['BIND_ADDRESS', 'BIND_ADDR'],
  ['OCTOSTORE_URL', 'OCTOSTORE_BASE_URL'],
  ['STATIC_TOKEN', 'STATIC_TOKENS'],
])('in a file, %s is recognized as %s', (name, known) => {
  expect(misspeltInFile(name)).toBe(`${name} is not a setting. Did you mean ${known}?`);
});

test('for a name that only begins like a setting, the message points to the list', () => {
  expect(misspeltInFile('WEBHOOK_SIGNATURE_ALGORITHM_VERSION')).toBe(
    'WEBHOOK_SIGNATURE_ALGORITHM_VERSION is not a setting. See .env.example for all settings.',
  );
});

const settings = Object.keys(ENVIRONMENT.shape);

test.each(settings)('%s is a known setting', (name) => {
  expect(misspeltInFile(name)).toBeNull();
  expect(misspeltInEnvironment(name)).toBeNull();
});

/** A code of a warning, which is no variable. */
const WARNING = /\bwarn\(\s*'OCTOSTORE_\w+'/g;

test('every name that the clients read is a known setting', () => {
  const names = ['src/cli', 'sdks/typescript/src'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8').replace(WARNING, ''))
      .flatMap((text) => text.match(/\bOCTOSTORE_[A-Z_]+\b/g) ?? []),
  );
  expect(new Set(names)).toContain('OCTOSTORE_TOKEN');
  for (const name of names) expect(misspeltInEnvironment(name), name).toBeNull();
});

/** Variables of GitHub Actions, GitLab and Kubernetes, and other common ones. */
const OTHERS =
  `GITHUB_ACTION GITHUB_ACTION_PATH GITHUB_ACTION_REPOSITORY GITHUB_ACTIONS GITHUB_ACTOR GITHUB_ACTOR_ID GITHUB_API_URL
  GITHUB_BASE_REF GITHUB_ENV GITHUB_EVENT_NAME GITHUB_EVENT_PATH GITHUB_GRAPHQL_URL GITHUB_HEAD_REF GITHUB_JOB GITHUB_OUTPUT
  GITHUB_PATH GITHUB_REF GITHUB_REF_NAME GITHUB_REF_PROTECTED GITHUB_REF_TYPE GITHUB_REPOSITORY GITHUB_REPOSITORY_ID
  GITHUB_REPOSITORY_OWNER GITHUB_REPOSITORY_OWNER_ID GITHUB_RETENTION_DAYS GITHUB_RUN_ATTEMPT GITHUB_RUN_ID GITHUB_RUN_NUMBER
  GITHUB_SERVER_URL GITHUB_SHA GITHUB_STATE GITHUB_STEP_SUMMARY GITHUB_TOKEN GITHUB_TRIGGERING_ACTOR GITHUB_WORKFLOW
  GITHUB_WORKFLOW_REF GITHUB_WORKFLOW_SHA GITHUB_WORKSPACE RUNNER_OS CI CI_JOB_ID CI_COMMIT_SHA
  OCTOSTORE_SERVICE_HOST OCTOSTORE_SERVICE_PORT OCTOSTORE_SERVICE_PORT_HTTP OCTOSTORE_PORT OCTOSTORE_PORT_3000_TCP
  OCTOSTORE_PORT_3000_TCP_ADDR OCTOSTORE_PORT_3000_TCP_PROTO WEBHOOK_SERVICE_HOST
  PATH HOME USER SHELL LANG LC_ALL TZ TERM HOSTNAME LOGNAME PWD NODE_ENV NODE_OPTIONS PORT HOST DEBUG EVENT_NAME CLIENT_ID
  CLIENT_SECRET MAX_JOBS MIN_HEAP LOG_DIR SECRET_NAME ADMIN_EMAIL DATABASE_HOST DATABASE_NAME HTTP_PROXY NO_PROXY SSH_TTY`.split(
    /\s+/,
  );

test.each(OTHERS)('%s in the environment is not reported', (name) => {
  expect(misspeltInEnvironment(name)).toBeNull();
});
