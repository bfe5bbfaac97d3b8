import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { root } from '../paths.mjs';

export const CHART = 'deploy/helm/octostore';

/** The version that is rendered for. Helm alone assumes one that has long been unsupported. */
const KUBERNETES = '1.31.0';

/** Renders the chart with values. */
export class Chart {
  /** @param strict a program that refuses objects with fields that Kubernetes does not know. */
  constructor(helm, strict) {
    this.helm = helm;
    this.strict = strict;
  }

  /** The objects by their kinds. */
  render(values) {
    const { status, stdout, stderr } = this.#template(values);
    if (status !== 0) throw new Error(`helm template refused ${JSON.stringify(values)}: ${stderr}`);
    const checked = spawnSync(this.strict, { input: stdout, encoding: 'utf8' });
    if (checked.status !== 0) throw new Error(`${checked.stderr}\n${stdout}`);
    const objects = loadAll(stdout).filter((object) => object !== null && object !== undefined);
    return Object.fromEntries(objects.map((object) => [object.kind, object]));
  }

  /** Why values are refused. Null if they are accepted. */
  refusalOf(values) {
    const { status, stderr } = this.#template(values);
    return status === 0 ? null : stderr;
  }

  #template(values) {
    const args = ['template', 'locks', join(root, CHART), '--kube-version', KUBERNETES, '--values', '-'];
    return spawnSync(this.helm, args, { input: JSON.stringify(values), encoding: 'utf8' });
  }
}
