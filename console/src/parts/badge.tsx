import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon';

export type Tone = 'plain' | 'good' | 'notice' | 'bad';

interface Props {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ComponentChildren;
}

/** A status in a word. Its shape and text say as much as its colour. */
export function Badge({ tone = 'plain', icon, children }: Props): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}
