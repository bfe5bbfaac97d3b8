import type { Command } from 'commander';

interface Help {
  readonly examples: readonly string[];
  /** The exit codes that have a special meaning for this command. */
  readonly exits?: Readonly<Record<string, string>>;
}

/** Adds examples and exit codes to the help of a command. */
export function withHelp(command: Command, { examples, exits = {} }: Help): Command {
  const lines = ['', 'Examples:', ...examples.map((example) => `  ${example}`)];
  const codes = Object.entries(exits).map(([code, meaning]) => `  ${code.padEnd(6)} ${meaning}`);
  if (codes.length > 0) lines.push('', 'Exit codes:', ...codes);
  return command.addHelpText('after', lines.join('\n'));
}

/** The exit codes of commands that run another command. */
export const RUN_EXITS = {
  76: 'the lock or session was lost, or could not be renewed in time, so the command was stopped',
  126: 'the command cannot be run',
  127: 'the command does not exist',
  '128+n': 'signal n ended the command, or the wait for the lock',
  else: "the command's own exit code",
} as const;
