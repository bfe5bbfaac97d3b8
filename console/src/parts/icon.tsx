import type { JSX } from 'preact';

/** Drawn on a field of 16 by 16. A text beside an icon says what it means, so screen readers skip it. */
const SHAPES = {
  locks: 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3.5 7h9v6.5h-9z',
  sessions: 'M1.5 8h3l2-4.5 3 9 2-4.5h3',
  webhooks: 'M8 2.5v5M8 7.5l-4.5 5M8 7.5l4.5 5M2 12.5h3M11 12.5h3',
  tokens: 'M10 9a3.5 3.5 0 1 0-2.8-1.4L2 12.8V14h2.5v-1.5H6V11h1.2',
  users:
    'M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.8a2.5 2.5 0 0 1 0 4.4M12.3 10c1.4.6 2.2 1.8 2.2 3.5',
  policy: 'M8 1.5l5.5 2v4c0 3.5-2.3 6-5.5 7-3.2-1-5.5-3.5-5.5-7v-4zM5.5 8l1.8 1.8L10.7 6',
  audit: 'M3.5 1.5h9v13h-9zM5.5 5h5M5.5 8h5M5.5 11h3',
  replicas: 'M2.5 2.5h11v4h-11zM2.5 9.5h11v4h-11zM5 4.5h.01M5 11.5h.01',
  health: 'M1.5 13.5h13M3 11l3-4 3 2.5 4-6',
  folder: 'M1.5 3.5h5l1.5 2h6.5v8h-13z',
  chevron: 'M6 3.5l4.5 4.5L6 12.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  menu: 'M2 4h12M2 8h12M2 12h12',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10M10.7 10.7L14 14',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  warning: 'M8 2L14.5 13.5h-13zM8 6.5v3.5M8 12h.01',
  broken: 'M9 1.5L4.5 8.5h4L7 14.5l5-7.5H8z',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M8 4.5V8l2.5 1.5',
  held: 'M8 13a5 5 0 1 0 0-10 5 5 0 0 0 0 10M8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3',
  ask: 'M2 2.5h12v8.5H8L5 14v-3H2z',
  offline:
    'M2 2l12 12M8 13h.01M5.5 10.2a4 4 0 0 1 4-.7M2.8 7.3a7.5 7.5 0 0 1 2.4-1.6M8 5a7.5 7.5 0 0 1 5.3 2.3',
  inbox: 'M1.5 9l2-6.5h9l2 6.5v4.5h-13zM1.5 9H5l1 2h4l1-2h3.5',
  forbidden: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M3.5 3.5l9 9',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
