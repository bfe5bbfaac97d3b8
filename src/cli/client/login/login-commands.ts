import { exchangedToken, OctoStoreClient } from '@octostore/client';
import type { Command } from 'commander';
import { runClient } from '../action.js';
import { withJson, type ClientOptions } from '../client-command.js';
import { serverUrls, timeoutsOf, withTimeout, withUrl } from '../connection/connection.js';
import { clientWith } from '../connection/access.js';
import { forget, remember } from '../connection/credentials.js';
import { readSharedTokenFile } from '../connection/token-file.js';
import { withHelp } from '../../shared/help.js';
import type { Output } from '../../shared/output.js';
import { askSecretly, readInput } from './ask.js';
import { openInBrowser } from './browser.js';
import { readPasted } from './pasted.js';

/** `octostore login` and `octostore logout`. */
export function addLoginCommands(program: Command): void {
  const signIn = withJson(withTimeout(withUrl(program.command('login'))))
    .description('sign in with your browser and store the token')
    .option(
      '--oidc-token-file <file>',
      'exchange the token of a trusted issuer in this file, such as that of a CI job, instead of signing in',
    )
    .action((options: LoginOptions) =>
      runClient(options, (output) =>
        options.oidcTokenFile === undefined
          ? login(options, output)
          : loginByExchange(options, options.oidcTokenFile, output),
      ),
    );
  withHelp(signIn, {
    examples: [
      'octostore login --url https://locks.example.com',
      'octostore login --url https://locks.example.com < token-file',
      'octostore login --url https://locks.example.com --oidc-token-file job.jwt',
    ],
    exits: { 77: 'the server does not accept the token' },
  });
  const signOut = withJson(withUrl(program.command('logout')))
    .description('delete the stored token for a server, or for several')
    .action((options: ClientOptions) => runClient(options, (output) => logout(options, output)));
  withHelp(signOut, { examples: ['octostore logout --url https://locks.example.com'] });
}

interface LoginOptions extends ClientOptions {
  readonly oidcTokenFile?: string;
}

/** The stored token ends soon. Commands that should go on for longer exchange by themselves. */
async function loginByExchange(options: ClientOptions, file: string, output: Output): Promise<void> {
  const urls = serverUrls(options);
  const given = await exchangedToken({ baseUrl: urls, subjectToken: () => readSharedTokenFile(file) })();
  const token = typeof given === 'string' ? given : given.token;
  const { user, token: facts } = await clientWith({
    baseUrl: urls,
    token,
    ...timeoutsOf(options),
  }).tokens.me();
  const files = remember(urls, token);
  const expires_at = facts.expiresAt?.toISOString() ?? null;
  output.show(
    { status: 'signed_in', ...urlFields(urls), user, expires_at, ...fileFields(files) },
    () =>
      `Signed in to ${urls.join(', ')} as ${user} until ${expires_at}. The token is stored in ${files.join(', ')}.`,
  );
}

async function login(options: ClientOptions, output: Output): Promise<void> {
  const urls = serverUrls(options);
  const text = process.stdin.isTTY ? await askAfterSignIn(urls[0]) : await readInput();
  const { token, login: shown } = readPasted(text);
  const client = new OctoStoreClient({ baseUrl: urls, token, ...timeoutsOf(options) });
  const [lock] = await client.listLocks({ owner: 'me' });
  const user = shown ?? lock?.holder ?? null;
  const files = remember(urls, token);
  output.show({ status: 'signed_in', ...urlFields(urls), user, ...fileFields(files) }, () => {
    const who = user === null ? '' : ` as ${user}`;
    return `Signed in to ${urls.join(', ')}${who}. The token is stored in ${files.join(', ')}.`;
  });
}

/** What programs read if there is one server, or else several. */
function urlFields(urls: readonly string[]): object {
  return urls.length === 1 ? { url: urls[0] } : { urls };
}

function fileFields(files: readonly string[]): object {
  return files.length === 1 ? { file: files[0] } : { files };
}

function askAfterSignIn(url: string): Promise<string> {
  const page = `${url}/auth/github`;
  openInBrowser(page);
  return askSecretly(
    `Sign in with your browser:\n\n  ${page}\n\n` +
      'After you have signed in, the page shows a JSON document. Copy the value of "token", or the whole document.\n' +
      `If the server signs in with another provider, open ${url}/auth/oidc instead. If it has none, use a token from its operator.\n\n` +
      'Token (not shown): ',
  );
}

function logout(options: ClientOptions, output: Output): void {
  const urls = serverUrls(options);
  const url = urls.join(', ');
  const wasKnown = forget(urls);
  output.show({ status: 'signed_out', ...urlFields(urls), wasKnown }, () =>
    wasKnown
      ? `Deleted the stored token for ${url}. The server accepts the token until it is rotated or revoked.`
      : `There was no stored token for ${url}.`,
  );
}
