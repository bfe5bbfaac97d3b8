import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ConnectionBanner } from './parts/connection-banner';
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
  useEffect(() => {
    if (who.kind !== 'signed_in') live.watch(null);
  }, [who.kind]);
  switch (who.kind) {
    case 'unknown':
      return (
        <main class="alone">
          <Loading what="the console" />
        </main>
      );
    case 'failed':
      return (
        <main class="alone">
          <Failure failure={who.failure} retry={() => void recognize()} />
        </main>
      );
    case 'signed_out':
      return <SignIn notice={who.notice} />;
    case 'signed_in':
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
}

/** Filters of a screen do not make another one. */
function screenKey(address: string): string {
  return address.split('?')[0] ?? address;
}
