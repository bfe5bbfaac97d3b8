/** Where the console is served. */
export const BASE = '/console';

/** How the list of locks is shown. */
export type LocksView = 'tree' | 'list' | 'lines';

/** The screens that need nothing but their name. */
export const PLAIN_SCREENS = [
  'sessions',
  'webhooks',
  'tokens',
  'users',
  'policy',
  'audit',
  'replicas',
  'health',
] as const;

export type PlainScreen = (typeof PLAIN_SCREENS)[number];

/** A screen, as its address says it. */
export type Route =
  | { readonly screen: 'locks'; readonly view: LocksView; readonly prefix: string; readonly mine: boolean }
  | { readonly screen: 'lock'; readonly name: string }
  | { readonly screen: 'webhook'; readonly id: string }
  | { readonly screen: PlainScreen }
  | { readonly screen: 'unknown' };

export const ALL_LOCKS: Route = { screen: 'locks', view: 'tree', prefix: '', mine: false };

/** The screen at an address. Names of locks have slashes, encoded or not. */
export function parseRoute(pathname: string, search: string): Route {
  const [first = '', ...rest] = pathname.slice(BASE.length).split('/').filter(Boolean).map(decoded);
  const remainder = rest.join('/');
  if (first === '') return ALL_LOCKS;
  if (first === 'locks')
    return remainder === '' ? locksRoute(new URLSearchParams(search)) : { screen: 'lock', name: remainder };
  if (first === 'webhooks' && remainder !== '') return { screen: 'webhook', id: remainder };
  const plain = PLAIN_SCREENS.find((screen) => screen === first);
  return plain === undefined || remainder !== '' ? { screen: 'unknown' } : { screen: plain };
}

function locksRoute(query: URLSearchParams): Route {
  const view = query.get('view');
  return {
    screen: 'locks',
    view: view === 'list' || view === 'lines' ? view : 'tree',
    prefix: query.get('prefix') ?? '',
    mine: query.get('owner') === 'me',
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a screen. */
export function addressOf(route: Route): string {
  switch (route.screen) {
    case 'locks':
      return `${BASE}/locks${queryOf(route)}`;
    case 'lock':
      return `${BASE}/locks/${route.name.split('/').map(encodeURIComponent).join('/')}`;
    case 'webhook':
      return `${BASE}/webhooks/${encodeURIComponent(route.id)}`;
    case 'unknown':
      return BASE;
    default:
      return `${BASE}/${route.screen}`;
  }
}

function queryOf({ view, prefix, mine }: Extract<Route, { screen: 'locks' }>): string {
  const query = new URLSearchParams();
  if (view !== 'tree') query.set('view', view);
  if (prefix !== '') query.set('prefix', prefix);
  if (mine) query.set('owner', 'me');
  return query.size === 0 ? '' : `?${query.toString()}`;
}
