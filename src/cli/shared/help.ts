import type { Command } from 'commander';

interface Help {
  readonly examples: readonly string[];
  /** Exit codes that mean something particular here, in words. */
  readonly exits?: Readonly<Record<string, string>>;
}

/** Adds examples and exit codes to the help of a command. */
export function explained(command: Command, { examples, exits = {} }: Help): Command {
  const lines = ['', 'Examples:', ...examples.map((example) => `  ${example}`)];
  const codes = Object.entries(exits).map(([code, meaning]) => `  ${code.padEnd(6)} ${meaning}`);
  if (codes.length > 0) lines.push('', 'Exit codes:', ...codes);
  return command.addHelpText('after', lines.join('\n'));
}

/** What it means when a command ends that has run another one. */
export const RUN_EXITS = {
  76: 'what was held was lost, or about to be, and the command was stopped',
  126: 'the command cannot be run',
  127: 'the command does not exist',
  '128+n': 'signal n ended the command, or the wait for its turn',
  else: 'that of the command',
} as const;
