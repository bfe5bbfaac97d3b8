/** What the event stream of a tab is about. */
export type Watched =
  | { readonly kind: 'lock'; readonly name: string }
  | { readonly kind: 'locks'; readonly prefix: string; readonly renewals: boolean };

const ENDS = 'acquired,released,expired,broken,release_requested';

/** No lock has such a name. A watch of it begins with the present sequence and no locks. */
const NOTHING = '/';

/** The path of the stream. Renewals are most of the events of a large server, and move nothing but a time. */
export function pathOf(watched: Watched): string {
  if (watched.kind === 'lock') {
    return `/locks/${encodeURIComponent(watched.name)}/watch?events=${ENDS},renewed,warning`;
  }
  const types = watched.renewals ? `${ENDS},renewed` : ENDS;
  return `/watch?prefix=${encodeURIComponent(watched.prefix)}&events=${types}`;
}

/** A stream whose first frame says which event is the last, and nothing else. So we need not receive every lock before the first event. */
export const PRESENT_SEQUENCE_PATH = `/watch?prefix=${encodeURIComponent(NOTHING)}`;

/** A stream without events. It tells whether the server can be reached. */
export const WATCH_NOTHING: Watched = { kind: 'locks', prefix: NOTHING, renewals: false };

export function isSame(one: Watched | null, other: Watched | null): boolean {
  return one === other || (one !== null && other !== null && pathOf(one) === pathOf(other));
}
