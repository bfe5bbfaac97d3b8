import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { api, ask } from '../../api/client';
import { grouped } from '../../format/words';
import { Link } from '../../parts/link';
import { Page } from '../../parts/page';
import { SearchField } from '../../parts/search-field';
import { navigate } from '../../routes/navigation';
import type { LocksView, Route } from '../../routes/route';
import { useLoad } from '../../state/use-load';
import { useSettled } from '../../state/use-settled';
import { Lines } from './lines';
import { LockGrid } from './lock-grid';

type LocksRoute = Extract<Route, { screen: 'locks' }>;

const VIEWS: readonly { readonly view: LocksView; readonly label: string }[] = [
  { view: 'tree', label: 'Tree' },
  { view: 'list', label: 'List' },
  { view: 'lines', label: 'Waiting' },
];

/** Which locks are held, and which are waited for. */
export function Locks({ route }: { readonly route: LocksRoute }): JSX.Element {
  const status = useLoad('status', () => ask(api.GET('/status')), { everyMs: 10_000 });
  return (
    <Page
      title="Locks"
      isFilled
      heading={<Heading held={status.data?.locks_held} waiting={status.data?.waiters} />}
    >
      <div class="toolbar">
        <Search route={route} />
        <div class="tabs" role="group" aria-label="View">
          {VIEWS.map(({ view, label }) => (
            <Link key={view} to={{ ...route, view }} aria-current={view === route.view ? 'true' : undefined}>
              {label}
            </Link>
          ))}
        </div>
        {route.view === 'lines' ? null : (
          <label class="check">
            <input
              type="checkbox"
              checked={route.mine}
              onChange={({ currentTarget }) => navigate({ ...route, mine: currentTarget.checked }, 'replace')}
            />
            Held by me
          </label>
        )}
      </div>
      {route.view === 'lines' ? (
        <Lines prefix={route.prefix} />
      ) : (
        // The size of the server decides whether renewals are followed.
        <LockGrid
          key={`${route.view} ${route.prefix} ${route.mine}`}
          route={route}
          lockCount={status.data?.locks_held ?? null}
        />
      )}
    </Page>
  );
}

function Heading({ held, waiting }: { readonly held?: number; readonly waiting?: number }): JSX.Element {
  return (
    <>
      Locks
      {held === undefined ? null : (
        <span class="counts">
          {grouped(held)} held{waiting === undefined || waiting === 0 ? '' : `, ${grouped(waiting)} waiting`}
        </span>
      )}
    </>
  );
}

/** The address follows what is typed, so that it can be shared. */
function Search({ route }: { readonly route: LocksRoute }): JSX.Element {
  const [text, settled, setText] = useSettled(route.prefix);
  useEffect(() => {
    if (settled !== route.prefix) navigate({ ...route, prefix: settled }, 'replace');
  }, [settled]);
  useEffect(() => setText(route.prefix), [route.prefix]);
  return (
    <SearchField
      label="Search locks by the beginning of their names"
      hint="Name begins with… Enter opens a lock"
      value={text}
      onChange={setText}
      onEnter={() => {
        if (text !== '' && !text.endsWith('/')) navigate({ screen: 'lock', name: text });
      }}
    />
  );
}
