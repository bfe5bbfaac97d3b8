import type { ComponentChildren, JSX } from 'preact';
import { navigate } from '../routes/navigation';
import { addressOf, type Route } from '../routes/route';

interface Props {
  readonly to: Route;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
  readonly tabIndex?: number;
  readonly 'aria-current'?: 'page' | 'true' | undefined;
}

/** A link to another screen. With a modifier key, the browser opens it in its own way. */
export function Link({ to, children, ...others }: Props): JSX.Element {
  return (
    <a
      {...others}
      href={addressOf(to)}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(to);
      }}
    >
      {children}
    </a>
  );
}
