import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ConnectionBanner } from './parts/connection-banner';
import { WATCH_NOTHING } from './live/watched';
import { Nav } from './parts/nav';
import { Notices } from './parts/notices';
import { Failure, Loading } from './parts/states';
import { route as routeStore } from './routes/navigation';
import { addressOf } from './routes/route';
import { Screen } from './screens/screen';
import { SignIn } from './screens/sign-in';
import { identity, recognize } from './state/identity';
import { live } from './state/live';
import { useStore } from './state/store';

export function App(): JSX.Element {
  const who = useStore(identity);
  const route = useStore(routeStore);
  const isAboutLocks = route.screen === 'locks' || route.screen === 'lock';
  useEffect(() => {
    if (who.kind !== 'signed_in') live.watch(null);
    else if (!isAboutLocks) live.watch(WATCH_NOTHING);
  }, [who.kind, isAboutLocks]);
  if (who.kind === 'signed_out') return <SignIn notice={who.notice} />;
  if (who.kind !== 'signed_in') {
    return (
      <main class="alone">
        {who.kind === 'unknown' ? (
          <Loading what="the console" />
        ) : (
          <Failure failure={who.failure} retry={() => void recognize()} />
        )}
      </main>
    );
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="shell">
        <Nav user={who.user} route={route} />
        <div class="content">
          <ConnectionBanner />
          <Screen key={screenKey(addressOf(route))} route={route} user={who.user} />
        </div>
      </div>
      <Notices />
    </>
  );
}

/** Filters of a screen do not make another one. */
function screenKey(address: string): string {
  return address.split('?')[0] ?? address;
}
