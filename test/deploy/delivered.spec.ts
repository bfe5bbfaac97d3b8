import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.js';
import { ENVIRONMENT } from '../../src/config/environment.js';
import { VERSION } from '../../src/version.js';

const CHART = 'deploy/helm/octostore';

const read = (path: string): string => readFileSync(path, 'utf8');

describe('the chart', () => {
  test('has the alert rules of this repository', () => {
    expect(read(`${CHART}/files/alerts.yaml`)).toBe(read('deploy/prometheus/alerts.yaml'));
  });

  test('has the version of the server', () => {
    expect(load(read(`${CHART}/Chart.yaml`))).toMatchObject({ version: VERSION, appVersion: VERSION });
  });

  test('describes every value, and no other', () => {
    const values = load(read(`${CHART}/values.yaml`)) as object;
    const { properties } = JSON.parse(read(`${CHART}/values.schema.json`)) as { properties: object };
    expect(
      Object.keys(properties)
        .filter((name) => name !== 'global')
        .toSorted(),
    ).toEqual(Object.keys(values).toSorted());
  });

  test('sets only settings that exist', () => {
    const named = [...read(`${CHART}/templates/_helpers.tpl`).matchAll(/name: ([A-Z][A-Z_]+)[,\n]/g)].map(
      ([, name = '']) => name,
    );
    const own = new Set(['POD_IP']);
    expect(named.filter((name) => !own.has(name)).toSorted()).toEqual([
      'ADVERTISE_URL',
      'BIND_ADDR',
      'DATABASE_URL',
      'DATABASE_URL',
      'SHUTDOWN_DELAY_SECONDS',
    ]);
    for (const name of named.filter((setting) => !own.has(setting)))
      expect(ENVIRONMENT.shape).toHaveProperty(name);
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');

  test('is built from files that the build gets, and that exist', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    const admitted = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(path), path).toBe(true);
      expect(
        admitted.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)),
        path,
      ).toBe(true);
    }
  });

  test('has a valid configuration', () => {
    const [, block = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
    const set = Object.fromEntries(
      block
        .split(/\\?\s+/)
        .filter((pair) => pair.includes('='))
        .map((pair) => pair.split('=') as [string, string]),
    );
    expect(Object.keys(set)).toContain('DATABASE_URL');
    expect(() => loadConfig(set)).not.toThrow();
    for (const name of Object.keys(set))
      if (name !== 'NODE_ENV') expect(ENVIRONMENT.shape).toHaveProperty(name);
  });
});

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly image: string;
}

test.each(['compose.yaml', 'compose.teams.yaml'])('%s gives servers only settings that exist', (path) => {
  const { services } = parse(read(path), { merge: true }) as { services: Record<string, Service> };
  const servers = Object.values(services).filter(({ image }) => image === 'octostore');
  expect(servers.length).toBeGreaterThan(0);
  for (const { environment = {} } of servers) {
    for (const name of Object.keys(environment)) expect(ENVIRONMENT.shape).toHaveProperty(name);
  }
});
