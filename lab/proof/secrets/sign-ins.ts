import { Browser, REDIRECT_URI } from '../../kit/doubles/browser.js';
import type { GitHubDouble } from '../../kit/doubles/github-double.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import { Secret } from './secret.js';

/** Settings that make a server sign users in with this double of GitHub. */
export function settingsFor(gitHub: GitHubDouble): Record<string, string> {
  return { ...gitHub.environment, GITHUB_REDIRECT_URI: REDIRECT_URI, SIGN_INS_PER_MINUTE: '100000' };
}

/** Signs in, successfully and not. Returns the secrets involved on all sides. */
export async function signIn(server: BuiltServer, gitHub: GitHubDouble): Promise<Secret[]> {
  const browser = new Browser({ server });
  const query = await browser.beginAndAgree();
  const cookies = [...browser.cookies.values()].map(({ value }) => value);
  const { body } = await browser.finish(query);
  const failed = new Browser({ server });
  const failedQuery = await failed.beginAndAgree();
  gitHub.misbehave('user', 'truncated JSON');
  await failed.finish(failedQuery);
  gitHub.misbehave('token', 'status 500 with a valid body');
  await new Browser({ server }).signIn();
  gitHub.behave();
  return [
    new Secret('the token of a sign-in', 'token', String(body['token'])),
    new Secret('the client secret', 'other', gitHub.clientSecret),
    ...cookies.map((cookie) => new Secret('the cookie of a sign-in', 'other', cookie)),
    ...[query, failedQuery].flatMap((each) => secretsIn(each, ['code', 'state'])),
    ...gitHub.requests.flatMap(({ form, headers }) => [
      ...secretsIn(form, ['code', 'code_verifier']),
      ...accessTokenIn(headers.authorization),
    ]),
  ];
}

function secretsIn(parameters: URLSearchParams, names: readonly string[]): Secret[] {
  return names.flatMap((name) => {
    const value = parameters.get(name);
    const kind = name === 'state' ? 'sign-in state' : 'other';
    return value === null ? [] : [new Secret(`the ${name} of a sign-in`, kind, value)];
  });
}

function accessTokenIn(authorization: string | undefined): Secret[] {
  const token = authorization?.replace('Bearer ', '');
  return token === undefined ? [] : [new Secret('a GitHub access token', 'other', token)];
}
