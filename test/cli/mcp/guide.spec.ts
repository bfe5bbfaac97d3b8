import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../../src/cli/command-line.js';
import { ALICE, startServer, type TestServer } from '../../support/server.js';
import { TestAgent } from './mcp-rig.js';

interface Configuration {
  readonly mcpServers: {
    readonly octostore: {
      readonly command?: string;
      readonly args?: string[];
      readonly headers?: Record<string, string>;
    };
  };
}

const guide = readFileSync('docs/agents.md', 'utf8');
const configurations = [...guide.matchAll(/^```json\n(.*?)^```$/gms)].map(
  ([, code = '']) => (JSON.parse(code) as Configuration).mcpServers.octostore,
);

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server.close());

/** The first cells of the table after a heading. */
function firstCells(heading: string): string[] {
  const [, after = ''] = guide.split(heading);
  const table = after.split('\n\n').find((part) => part.startsWith('|')) ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((line) => (line.split('|')[1] ?? '').trim().replaceAll('`', ''));
}

test('an agent program with the configuration of the guide gets the tools of the guide', async () => {
  const [local] = configurations;
  expect(local?.command).toBe('octostore');
  const [mcp, ...args] = local?.args ?? [];
  expect(mcp).toBe('mcp');
  const agent = await TestAgent.onStdio(server.url, ALICE, { args });
  const { tools } = await agent.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(firstCells('## Tools'));
  for (const { description, outputSchema, annotations } of tools) {
    expect(description?.length).toBeGreaterThan(50);
    expect(outputSchema).toBeDefined();
    expect(annotations?.title ?? annotations).toBeDefined();
  }
  await agent.says('claim', { purpose: 'try the guide', paths: ['src/app.ts'] });
  expect((await agent.says('my_claims')).text).toContain('acme/shop/src/app.ts');
});

test('the configuration over HTTP sends a token, and a name for the agent', () => {
  const [, remote] = configurations;
  expect(Object.keys(remote?.headers ?? {})).toEqual(['Authorization', 'OctoStore-Agent']);
});

test('the guide lists options that exist', () => {
  const mcp = commandLine().commands.find((command) => command.name() === 'mcp');
  const options = mcp?.options.map(({ long }) => long) ?? [];
  const listed = firstCells('all commands](cli.md)');
  expect(listed).toEqual(['--workspace', '--root', '--agent', '--ttl', '--http']);
  expect(options).toEqual(expect.arrayContaining([...listed, '--allow-host', '--idle']));
});
