import { join } from 'node:path';
import { document, userOf, workshop } from './paths.mjs';
import { pythonTools } from './python.mjs';
import { run } from './run.mjs';

const VERSION = '4.32.5';
const EXAMPLES = 100;
/** Operations that end tokens. They run last, since every request after them would get a 401. */
const ENDING = ['rotateToken', 'revokeToken', 'revokeTokens'];
/** Streams that never end. */
const STREAMS = ['watchLock', 'watchLocks'];

/** Schemathesis generates valid and invalid requests, and compares a server's answers with the API document. */
export const schemathesis = {
  what: `Schemathesis, ${EXAMPLES} examples per operation`,
  version: () => VERSION,
  run(access) {
    const folder = workshop('schemathesis');
    const bin = pythonTools([`schemathesis==${VERSION}`]);
    const test = (selection) =>
      run(join(bin, 'st'), [...argumentsOf(access), ...selection], { cwd: folder, withinMs: 1_800_000 });
    const all = test([...ENDING, ...STREAMS].flatMap((id) => ['--exclude-operation-id', id]));
    const ending = test(ENDING.flatMap((id) => ['--include-operation-id', id]));
    return all + ending;
  },
};

function argumentsOf({ OCTOSTORE_BASE_URL, OCTOSTORE_TOKEN, OCTOSTORE_ADMIN_KEY }) {
  const config = ['--config-file', join(userOf('schemathesis'), 'schemathesis.toml')];
  const target = ['run', document, '--url', OCTOSTORE_BASE_URL];
  const token = ['--header', `Authorization: Bearer ${OCTOSTORE_TOKEN}`];
  const key = ['--header', `X-Admin-Key: ${OCTOSTORE_ADMIN_KEY}`];
  const effort = ['--max-examples', String(EXAMPLES), '--continue-on-failure', '--no-color'];
  return [...config, ...target, ...token, ...key, ...effort];
}
