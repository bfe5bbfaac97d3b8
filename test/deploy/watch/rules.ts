import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

export const RULES = 'deploy/prometheus/alerts.yaml';
export const CASES = 'deploy/prometheus/alerts.test.yaml';
export const BOARD = 'deploy/grafana/octostore.json';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

export interface Recording {
  readonly record: string;
  readonly expr: string;
}

interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (Alert | Recording)[] }[];
}

interface Cases {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly unknown[];
    }[];
  }[];
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Board {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
}

const rules = (load(readFileSync(RULES, 'utf8')) as Rules).groups.flatMap((group) => group.rules);

export const alerts: readonly Alert[] = rules.filter((rule) => 'alert' in rule);
export const recordings: readonly Recording[] = rules.filter((rule) => 'record' in rule);
export const board = JSON.parse(readFileSync(BOARD, 'utf8')) as Board;

/** The alerts that a case of promtool expects to fire. */
export const testedAlerts: ReadonlySet<string> = new Set(
  (load(readFileSync(CASES, 'utf8')) as Cases).tests
    .flatMap((cases) => cases.alert_rule_test)
    .filter((test) => (test.exp_alerts ?? []).length > 0)
    .map((test) => test.alertname),
);

/** What the dashboard asks Prometheus, with the panel that asks. */
export const boardQueries: readonly { readonly by: string; readonly expr: string }[] = [
  ...board.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ by: title, expr }))),
  ...board.annotations.list.map(({ expr }) => ({ by: 'annotations', expr })),
  ...board.templating.list.map(({ name, query }) => ({ by: name, expr: JSON.stringify(query) })),
];

/** The metrics of the server that an expression names, as they are scraped. */
export function metricsIn(expr: string): string[] {
  return expr.match(/(?<![\w:])(?:octostore|process|nodejs)_[a-z0-9_]+/g) ?? [];
}

/** The metrics that rules record, as an expression names them. */
export function recordedIn(expr: string): string[] {
  return expr.match(/octostore:[a-z0-9_:]+/g) ?? [];
}
