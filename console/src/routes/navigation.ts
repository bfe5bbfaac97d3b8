import { Store } from '../state/store';
import { addressOf, parseRoute, type Route } from './route';

const present = (): Route => parseRoute(location.pathname, location.search);

/** The screen that is shown. */
export const route = new Store<Route>(present());

window.addEventListener('popstate', () => route.set(present()));

/** Shows another screen. With `replace`, the present one does not stay in the history of the browser. */
export function navigate(to: Route, how: 'push' | 'replace' = 'push'): void {
  const address = addressOf(to);
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  route.set(to);
  if (how === 'push') window.scrollTo(0, 0);
}
