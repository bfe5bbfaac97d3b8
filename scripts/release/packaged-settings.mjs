import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/** What the packages set, because a service is not started in the folder of its database. */
const PACKAGED = [
  // Without TLS, only this machine may see the tokens.
  ['#BIND_ADDR=0.0.0.0:3000', 'BIND_ADDR=127.0.0.1:3000'],
  ['#DATABASE_URL=octostore.db', 'DATABASE_URL=/var/lib/octostore/octostore.db'],
];

const INTRODUCTION = `# Settings of the OctoStore service. After a change: systemctl restart octostore
# Every setting is optional. The values below are the defaults, or examples where the comment says so.
`;

/** .env.example as the settings file of a service. */
export function packagedSettings() {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const ownIntroduction = /^(?:#.*\n)+/;
  return PACKAGED.reduce(replaced, example.replace(ownIntroduction, INTRODUCTION));
}

function replaced(text, [line, packaged]) {
  if (!text.includes(`\n${line}\n`)) throw new Error(`.env.example has no line ${line}`);
  return text.replace(`\n${line}\n`, `\n${packaged}\n`);
}
