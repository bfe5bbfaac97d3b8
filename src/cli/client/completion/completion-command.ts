import { Argument, type Command } from 'commander';
import { withHelp } from '../../shared/help.js';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { nodesOf, type Node } from './tree.js';
import { zshCompletion } from './zsh.js';

const SCRIPTS: Readonly<Record<string, (nodes: readonly Node[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `octostore completion SHELL`. */
export function addCompletionCommand(program: Command): void {
  const command = program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .action((shell: string) => {
      process.stdout.write(SCRIPTS[shell]?.(nodesOf(program)) ?? '');
    });
  withHelp(command, {
    examples: [
      'source <(octostore completion bash)',
      'octostore completion fish > ~/.config/fish/completions/octostore.fish',
    ],
  });
}
