import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error';
import { ALL_LOCKS, type PlainScreen, type Route } from '../routes/route';
import { signOut, type User } from '../state/identity';
import { ConnectionState } from './connection-banner';
import { Icon, type IconName } from './icon';
import { Link } from './link';
import { announce } from './notices';

interface Item {
  readonly screen: Route['screen'];
  readonly label: string;
  readonly icon: IconName;
}

const OWN: readonly Item[] = [
  { screen: 'locks', label: 'Locks', icon: 'locks' },
  { screen: 'sessions', label: 'Sessions', icon: 'sessions' },
  { screen: 'webhooks', label: 'Webhooks', icon: 'webhooks' },
  { screen: 'tokens', label: 'Tokens', icon: 'tokens' },
];

const ADMINISTRATION: readonly Item[] = [
  { screen: 'health', label: 'Health', icon: 'health' },
  { screen: 'replicas', label: 'Replicas', icon: 'replicas' },
  { screen: 'users', label: 'Users', icon: 'users' },
  { screen: 'policy', label: 'Policy', icon: 'policy' },
  { screen: 'audit', label: 'Audit', icon: 'audit' },
];

/** The screen under which a route is found. */
const PARENTS: Partial<Record<Route['screen'], Route['screen']>> = { lock: 'locks', webhook: 'webhooks' };

/** The way to the other screens. On a narrow screen, it opens with a button. */
export function Nav({ user, route }: { readonly user: User; readonly route: Route }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const current = PARENTS[route.screen] ?? route.screen;
  const close = (): void => setOpen(false);
  return (
    <header
      class={isOpen ? 'nav open' : 'nav'}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div class="nav-top">
        <Link to={ALL_LOCKS} class="logo">
          <img src={`${import.meta.env.BASE_URL}logo.svg`} alt="" width="22" height="22" />
          OctoStore
        </Link>
        <ConnectionState />
        <button
          type="button"
          class="icon-button nav-toggle"
          aria-expanded={isOpen}
          aria-controls="nav-items"
          aria-label="Menu"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} />
        </button>
      </div>
      <div id="nav-items" class="nav-items">
        <nav aria-label="Screens">
          <Items items={OWN} current={current} onGo={close} />
          {user.isAdministrator ? (
            <>
              <p class="nav-group">Administration</p>
              <Items items={ADMINISTRATION} current={current} onGo={close} />
            </>
          ) : null}
        </nav>
        <Account user={user} />
      </div>
    </header>
  );
}

function Items({
  items,
  current,
  onGo,
}: {
  readonly items: readonly Item[];
  readonly current: string;
  readonly onGo: () => void;
}): JSX.Element {
  return (
    <ul onClick={onGo}>
      {items.map(({ screen, label, icon }) => (
        <li key={screen}>
          <Link
            to={screen === 'locks' ? ALL_LOCKS : { screen: screen as PlainScreen }}
            aria-current={screen === current ? 'page' : undefined}
          >
            <Icon name={icon} />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Account({ user }: { readonly user: User }): JSX.Element {
  return (
    <div class="account">
      <p class="account-name" title={user.name}>
        {user.login}
        <span class="faint">{user.isAdministrator ? 'Administrator' : user.name}</span>
      </p>
      <button
        type="button"
        class="quiet"
        onClick={() => void signOut().catch((failure: unknown) => announce(toApiError(failure).message))}
      >
        Sign out
      </button>
    </div>
  );
}
