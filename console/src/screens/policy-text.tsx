import type { JSX } from 'preact';
import { diffLines, type DiffLine } from '../format/diff';

interface Props {
  readonly text: string;
  /** Shows what has changed since. */
  readonly before?: string;
  /** The lines with mistakes or warnings. */
  readonly marked?: ReadonlySet<number>;
}

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '−' };
const SPOKEN: Record<DiffLine['kind'], string | null> = {
  same: null,
  added: 'Added: ',
  removed: 'Removed: ',
};

/** A policy with numbers of lines, or the changes between two. */
export function PolicyText({ text, before = text, marked = new Set() }: Props): JSX.Element {
  const lines = diffLines(before.trimEnd(), text.trimEnd());
  let number = 0;
  return (
    <pre
      class="source"
      tabIndex={0}
      role="region"
      aria-label={before === text ? 'Policy' : 'Changes of the policy'}
    >
      {lines.map((line, index) => {
        if (line.kind !== 'removed') number += 1;
        return (
          <span key={index} class={`source-line ${line.kind} ${marked.has(number) ? 'marked' : ''}`}>
            <span class="source-number" aria-hidden="true">
              {line.kind === 'removed' ? '' : number}
            </span>
            {before === text ? null : (
              <span class="source-sign" aria-hidden="true">
                {SIGNS[line.kind]}
              </span>
            )}
            {SPOKEN[line.kind] === null ? null : <span class="visually-hidden">{SPOKEN[line.kind]}</span>}
            <span>{line.text}</span>
            {'\n'}
          </span>
        );
      })}
    </pre>
  );
}
