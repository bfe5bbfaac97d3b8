import { optionsThatTake, wordsOf, type Node } from './tree.js';

/** A bash script that completes the commands. */
export function bashCompletion(nodes: readonly Node[]): string {
  return `# Bash completion for octostore: source <(octostore completion bash)
_octostore() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} at='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then
      ((i + 1 < COMP_CWORD)) || mapfile -t COMPREPLY < <(compgen -c -- "$current")
      return
    fi
    case "$at \${COMP_WORDS[i]}" in
      ${patterns(nodes, '|')}) at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  case $previous in
    ${optionsThatTake(nodes, 'file').join('|')}) return ;;
    ${optionsThatTake(nodes, 'text').join('|')}) compopt +o default; return ;;
  esac
  case $at in
${nodes.map((node) => `    '${node.path}') words='${wordsOf(node).join(' ')}' ;;`).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _octostore octostore
`;
}

/** A shell pattern for each subcommand: the path of its parent, then its name. */
export function patterns(nodes: readonly Node[], separator: string): string {
  return nodes
    .flatMap(({ path, commands }) => commands.map(({ name }) => `'${path} ${name}'`))
    .join(separator);
}
