import { patterns } from './bash.js';
import type { Node } from './tree.js';

/** A fish script that completes the commands. */
export function fishCompletion(nodes: readonly Node[]): string {
  return `# Fish completion for octostore: octostore completion fish | source
function __octostore_at
    set -l at ''
    for word in (commandline -opc)[2..]
        test "$word" = --; and return 1
        switch "$at $word"
            case ${patterns(nodes, ' ')}
                set at (string trim "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end
complete -c octostore -n 'not contains -- -- (commandline -opc)' -f
${nodes.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options }: Node): string[] {
  const rule = `complete -c octostore -n '__octostore_at "${path}"'`;
  const argumentOf = { nothing: '', file: ' -rF', text: ' -x' } as const;
  return [
    ...commands.map(({ name, description }) => `${rule} -a ${name} -d ${quoted(description)}`),
    ...options.map(
      ({ name, takes, description }) => `${rule} -l ${name}${argumentOf[takes]} -d ${quoted(description)}`,
    ),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
