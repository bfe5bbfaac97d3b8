import { join } from 'node:path';
import {
  assertPostgres,
  assertRefusals,
  assertSafe,
  assertSqlite,
  assertWatched,
} from './chart/assertions.mjs';
import { CHART, Chart } from './chart/render.mjs';
import { goTool, ownGoTool } from './go-tool.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const HELM = 'v3.22.0';
const KUBERNETES = 'v0.37.2';
const OPERATOR = 'v0.95.2';

/** The Helm chart: whether Helm accepts it, Kubernetes knows every field that it renders, and it renders what it should. */
export const chart = {
  name: 'chart',
  what: 'The Helm chart: lint, what it renders, and every field against the types of Kubernetes',
  version: () => `Helm ${HELM}, Kubernetes ${KUBERNETES}`,
  run: async () => {
    const helm = goTool('helm.sh/helm/v3/cmd/helm', HELM);
    const strict = ownGoTool(join(root, 'scripts/checks/chart/strict'), 'strict', [
      ...['client-go', 'api', 'apimachinery'].map((name) => `k8s.io/${name}@${KUBERNETES}`),
      `github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring@${OPERATOR}`,
    ]);
    run(helm, ['lint', '--strict', CHART], { cwd: root });
    const rendered = new Chart(helm, strict);
    assertSqlite(rendered);
    assertPostgres(rendered);
    assertSafe(rendered);
    assertWatched(rendered);
    assertRefusals(rendered);
  },
};
