import { patterns } from './bash.js';
import { optionsThatTake, wordsOf, type Node } from './tree.js';

/** A zsh script that completes the commands. */
export function zshCompletion(nodes: readonly Node[]): string {
  return `#compdef octostore
# Zsh completion for octostore: source <(octostore completion zsh)
_octostore() {
  local at='' choices='' i
  for ((i = 2; i < CURRENT; i++)); do
    if [[ $words[i] == -- ]]; then
      if ((i + 1 == CURRENT)); then _command_names; else _files; fi
      return
    fi
    case "$at $words[i]" in
      ${patterns(nodes, '|')}) at="\${at:+$at }$words[i]" ;;
    esac
  done
  case $words[CURRENT-1] in
    ${optionsThatTake(nodes, 'file').join('|')}) _files; return ;;
    ${optionsThatTake(nodes, 'text').join('|')}) return ;;
  esac
  case $at in
${nodes.map((node) => `    '${node.path}') choices='${wordsOf(node).join(' ')}' ;;`).join('\n')}
  esac
  compadd -- \${=choices}
}
if [[ $funcstack[1] == _octostore ]]; then _octostore "$@"; else compdef _octostore octostore; fi
`;
}
