import type { Command, Option } from 'commander';

/** A command, as the completion scripts see it. */
export interface Node {
  /** Such as `lock run`. Empty for `octostore` itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
}

interface CompletedOption {
  /** Without the dashes. */
  readonly name: string;
  readonly description: string;
  readonly takes: 'nothing' | 'file' | 'text';
}

/** A command and all its subcommands. */
export function nodesOf(command: Command, path = ''): Node[] {
  const children = command.commands.map((child) => nodesOf(child, `${path} ${child.name()}`.trim()));
  const node = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: [
      ...command.options.map(completed),
      { name: 'help', description: 'display help', takes: 'nothing' } as const,
    ],
  };
  return [node, ...children.flat()];
}

function completed({ long, description, required }: Option): CompletedOption {
  const name = long?.slice(2) ?? '';
  if (!required) return { name, description, takes: 'nothing' };
  return { name, description, takes: name.endsWith('file') ? 'file' : 'text' };
}

/** The words that can follow a command. */
export function wordsOf({ commands, options }: Node): string[] {
  return [...commands.map(({ name }) => name), ...options.map(({ name }) => `--${name}`)];
}

/** All options that take a certain kind of value, with their dashes. */
export function optionsThatTake(nodes: readonly Node[], what: CompletedOption['takes']): string[] {
  const names = nodes.flatMap(({ options }) => options.filter(({ takes }) => takes === what));
  return [...new Set(names.map(({ name }) => `--${name}`))];
}
