import { OctoStoreClient } from '@octostore/client';
import type { Command } from 'commander';
import { runClient } from '../action.js';
import { withJson, type ClientOptions } from '../client-command.js';
import { serverUrl, withUrl } from '../connection/connection.js';
import { forget, remember } from '../connection/credentials.js';
import { explained } from '../../shared/help.js';
import type { Output } from '../../shared/output.js';
import { askSecretly, readInput } from './ask.js';
import { openInBrowser } from './browser.js';
import { readPasted } from './pasted.js';

/** `octostore login` and `octostore logout`. */
export function addLoginCommands(program: Command): void {
  const signIn = withJson(withUrl(program.command('login')))
    .description('sign in with the browser and remember the token')
    .action((options: ClientOptions) => runClient(options, (output) => login(options, output)));
  explained(signIn, {
    examples: [
      'octostore login --url https://locks.example.com',
      'octostore login --url https://locks.example.com < token-file',
    ],
    exits: { 77: 'the server does not take the token' },
  });
  const signOut = withJson(withUrl(program.command('logout')))
    .description('forget the token for a server')
    .action((options: ClientOptions) => runClient(options, (output) => logout(options, output)));
  explained(signOut, { examples: ['octostore logout --url https://locks.example.com'] });
}

async function login(options: ClientOptions, output: Output): Promise<void> {
  const url = serverUrl(options);
  const text = process.stdin.isTTY ? await askAfterSignIn(url) : await readInput();
  const { token, login: shown } = readPasted(text);
  const [lock] = await new OctoStoreClient({ baseUrl: url, token }).listLocks({ owner: 'me' });
  const user = shown ?? lock?.holder ?? null;
  const file = remember(url, token);
  output.show(
    { status: 'signed_in', url, user, file },
    () => `Signed in to ${url}${user === null ? '' : ` as ${user}`}. The token is kept in ${file}.`,
  );
}

function askAfterSignIn(url: string): Promise<string> {
  const page = `${url}/auth/github`;
  openInBrowser(page);
  return askSecretly(
    `Sign in with your browser:\n\n  ${page}\n\n` +
      'In the end the page shows a JSON document. Copy the value of "token" from it, or all of it.\n' +
      'Without GitHub on that server, use a token that its operator gave you.\n\n' +
      'Token (it is not shown): ',
  );
}

function logout(options: ClientOptions, output: Output): void {
  const url = serverUrl(options);
  const wasKnown = forget(url);
  output.show({ status: 'signed_out', url, wasKnown }, () =>
    wasKnown
      ? `Forgot the token for ${url}. The server takes it until it is rotated.`
      : `There was no token for ${url}.`,
  );
}
