import { deepStrictEqual as equal, match, ok } from 'node:assert';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

const POSTGRES = { database: 'postgres', existingSecrets: ['locks-settings', 'locks-sign-in'] };

/** How long the server takes to stop after the delay, in seconds. docs/operations.md says so. */
const STOP_SECONDS = 10;

const podOf = (workload) => workload.spec.template.spec;
const containerOf = (workload) => podOf(workload).containers[0];
const valueOf = (workload, name) => containerOf(workload).env.find((setting) => setting.name === name)?.value;

/** One server, with a volume that no second pod can use. */
export function assertSqlite(chart) {
  const objects = chart.render({ settings: { MAX_LOCKS: 5 } });
  equal(Object.keys(objects).toSorted(), ['NetworkPolicy', 'Service', 'ServiceAccount', 'StatefulSet']);
  const { StatefulSet: server } = objects;
  equal(server.spec.replicas, 1);
  equal(server.spec.volumeClaimTemplates[0].spec.accessModes, ['ReadWriteOncePod']);
  equal(valueOf(server, 'DATABASE_URL'), '/var/lib/octostore/octostore.db');
  equal(valueOf(server, 'SHUTDOWN_DELAY_SECONDS'), '0');
  equal(valueOf(server, 'MAX_LOCKS'), '5');
  const mounted = containerOf(server).volumeMounts.map(({ mountPath }) => mountPath);
  equal(mounted, ['/var/lib/octostore', '/tmp']);
}

/** Several servers, apart from one another, that reach each other and take their secrets from what exists. */
export function assertPostgres(chart) {
  const objects = chart.render({ ...POSTGRES, shutdownDelaySeconds: 20 });
  equal(Object.keys(objects).toSorted(), [
    'Deployment',
    'NetworkPolicy',
    'PodDisruptionBudget',
    'Service',
    'ServiceAccount',
  ]);
  const { Deployment: servers, PodDisruptionBudget: budget, NetworkPolicy: policy } = objects;
  equal(servers.spec.replicas, 3);
  equal(servers.spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
  equal(budget.spec.maxUnavailable, 1);
  equal(budget.spec.selector.matchLabels, servers.spec.selector.matchLabels);
  equal(valueOf(servers, 'ADVERTISE_URL'), 'http://$(POD_IP):3000');
  equal(
    containerOf(servers).envFrom.map(({ secretRef }) => secretRef.name),
    POSTGRES.existingSecrets,
  );
  const spread = podOf(servers).topologySpreadConstraints.map(({ topologyKey }) => topologyKey);
  equal(spread, ['kubernetes.io/hostname', 'topology.kubernetes.io/zone']);
  const [clients, others] = [policy.spec.ingress[0].from, policy.spec.egress[1].to];
  for (const peers of [clients, others]) {
    equal(peers[0].podSelector.matchLabels, servers.spec.selector.matchLabels);
  }
  ok(policy.spec.egress[0].ports.some(({ port }) => port === 5432));
  equal(chart.render({ ...POSTGRES, replicas: 1 }).PodDisruptionBudget, undefined);
}

/** Both kinds fit the restricted profile, are probed where the server answers, and have the time to stop. */
export function assertSafe(chart) {
  const workloads = [chart.render({}).StatefulSet, chart.render(POSTGRES).Deployment];
  const { paths } = load(readFileSync('openapi.yaml', 'utf8'));
  for (const workload of workloads) {
    const [pod, container] = [podOf(workload), containerOf(workload)];
    equal(pod.securityContext.runAsNonRoot, true);
    equal(pod.securityContext.seccompProfile.type, 'RuntimeDefault');
    equal(pod.automountServiceAccountToken, false);
    equal(pod.enableServiceLinks, false);
    equal(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => container[name].httpGet);
    equal(
      probes.map(({ path }) => path),
      ['/health/live', '/health/live', '/health/ready'],
    );
    for (const { path } of probes) ok(path in paths, path);
    const stopSeconds = Number(valueOf(workload, 'SHUTDOWN_DELAY_SECONDS')) + STOP_SECONDS;
    ok(pod.terminationGracePeriodSeconds >= stopSeconds);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    equal(container.image, `octostore:${version}`);
  }
  const image = { repository: 'registry.example.com/octostore', digest: `sha256:${'0'.repeat(64)}` };
  equal(containerOf(chart.render({ image }).StatefulSet).image, `${image.repository}@${image.digest}`);
}

/** Prometheus finds the servers, with the key, and gets the rules as they are in the repository. */
export function assertWatched(chart) {
  const serviceMonitor = { enabled: true, keySecret: { name: 'locks-settings' }, labels: { team: 'a' } };
  const {
    ServiceMonitor: monitor,
    PrometheusRule: rule,
    Service: service,
  } = chart.render({
    ...POSTGRES,
    serviceMonitor,
    prometheusRule: { enabled: true },
  });
  const [endpoint] = monitor.spec.endpoints;
  equal(endpoint.authorization.credentials, { name: 'locks-settings', key: 'METRICS_KEY' });
  match(endpoint.relabelings[0].replacement, /octostore/);
  equal(monitor.metadata.labels.team, 'a');
  equal(monitor.spec.selector.matchLabels, service.spec.selector);
  equal(rule.spec, load(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')));
}

/** What would not work is refused before anything is installed. */
export function assertRefusals(chart) {
  const refused = [
    { database: 'postgres' },
    { database: 'mysql' },
    { replica: 5 },
    { settings: { ADMIN_KEY: 'in plain text' } },
    { settings: { BIND_ADDR: '127.0.0.1:1' } },
    { serviceMonitor: { enabled: true } },
    { image: { repository: 'octostore', digest: 'latest' } },
  ];
  for (const values of refused) ok(chart.refusalOf(values) !== null, JSON.stringify(values));
}
