import type { JSX } from 'preact';
import { Store, useStore } from '../state/store';

const SHOWN_MS = 6000;

const notice = new Store<{ readonly text: string; readonly number: number } | null>(null);
let number = 0;

/** Says in a line what has just been done. */
export function announce(text: string): void {
  number += 1;
  const mine = { text, number };
  notice.set(mine);
  setTimeout(() => {
    if (notice.value === mine) notice.set(null);
  }, SHOWN_MS);
}

/** Screen readers read out what appears here. */
export function Notices(): JSX.Element {
  const shown = useStore(notice);
  return (
    <div class="toasts" role="status">
      {shown === null ? null : (
        <p key={shown.number} class="toast">
          {shown.text}
        </p>
      )}
    </div>
  );
}
