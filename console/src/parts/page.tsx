import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** Before the title, such as a link to the list. */
  readonly above?: ComponentChildren;
  readonly heading?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
  /** Whether the content scrolls by itself and takes the whole height. */
  readonly isFilled?: boolean;
}

/** The main part of a screen. Its heading gets the focus, so that a screen reader says where you are. */
export function Page({ title, above, heading, actions, children, isFilled = false }: Props): JSX.Element {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · OctoStore`;
  }, [title]);
  useEffect(() => {
    // When the page was opened, the browser has put the focus where the user wants it.
    if (document.activeElement !== document.body) main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main id="main" ref={main} tabIndex={-1} class={isFilled ? 'page filled' : 'page'}>
      <header class="page-head">
        <div class="page-title">
          {above}
          <h1>{heading ?? title}</h1>
        </div>
        {actions === undefined ? null : <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}

export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="section">
      <header class="section-head">
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
