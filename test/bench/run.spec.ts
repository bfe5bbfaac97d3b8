import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { WORKLOADS } from '../../src/bench/workloads/catalogue.js';
import { Client } from '../../lab/kit/http/client.js';
import { ADMIN_KEY, startServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

const PATIENCE_MS = 90_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = process.env['OCTOSTORE_MAIN'] ?? resolve('dist/main.js');

/** Runs the benchmark with the options of a command line. */
function bench(line: string): Promise<Ended> {
  const command = [MAIN, 'bench', ...line.split(' ')];
  const env = { PATH: process.env['PATH'], OCTOSTORE_MAIN: process.env['OCTOSTORE_MAIN'] };
  return new Promise((end) => {
    execFile(process.execPath, command, { env, timeout: PATIENCE_MS }, (error, stdout, stderr) =>
      end({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test(
  'every workload succeeds on its own server, and is in the report',
  { timeout: PATIENCE_MS },
  async () => {
    const [json, html] = ['run.json', 'run.html'].map((name) => join(testFolder(), name)) as [string, string];
    const { code, stdout, stderr } = await bench(
      `--duration 1 --warmup 0 --concurrency 4 --json ${json} --html ${html}`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { reports } = JSON.parse(readFileSync(json, 'utf8')) as {
      reports: { workload: string; all: { count: number }; server: { commits: number } | null }[];
    };
    expect(reports.map(({ workload }) => workload)).toEqual(WORKLOADS.map(({ name }) => name));
    for (const { workload, all, server } of reports) {
      expect(all.count, workload).toBeGreaterThan(0);
      expect(server, workload).not.toBeNull();
      expect(stdout).toContain(`${workload}: 4 connections`);
    }
    expect(readFileSync(html, 'utf8')).toContain('</svg>');
  },
);

test(
  'another server is tested by its address, and nothing is left on it',
  { timeout: PATIENCE_MS },
  async () => {
    const server = await startServer();
    try {
      const { code, stdout } = await bench(
        `--url ${server.url} --token ${server.token} --admin-key ${ADMIN_KEY} --duration 1 --warmup 0 --concurrency 2 --workload renew,contended --rate 2`,
      );
      expect(code, stdout).toBe(0);
      expect(stdout).toMatch(/commits\/s/);
      const { body } = await new Client(server.url, server.token).get('/locks');
      expect(body['total']).toBe(0);
    } finally {
      await server.close();
    }
  },
);

test(
  'the benchmark fails if the server refuses requests, and says how often it did',
  { timeout: PATIENCE_MS },
  async () => {
    const server = await startServer();
    try {
      const { code, stdout } = await bench(
        `--url ${server.url} --token an-unknown-token --duration 1 --warmup 0 --concurrency 2 --workload acquire-release`,
      );
      expect(code).toBe(1);
      expect(stdout).toMatch(/FAILED \d+ times: HTTP 401/);
    } finally {
      await server.close();
    }
  },
);

test('an invalid command line is explained', { timeout: PATIENCE_MS }, async () => {
  const { code, stderr } = await bench('--workload nonsense');
  expect(code).toBe(2);
  expect(stderr).toContain('there is no workload called nonsense');
});
