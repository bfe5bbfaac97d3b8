import type { JSX } from 'preact';
import { Page } from '../parts/page';
import { State } from '../parts/states';
import { Link } from '../parts/link';
import { ALL_LOCKS, type Route } from '../routes/route';
import type { User } from '../state/identity';
import { Audit } from './audit';
import { Health } from './health';
import { Lock } from './lock/lock';
import { Locks } from './locks/locks';
import { Policy } from './policy';
import { Replicas } from './replicas';
import { Sessions } from './sessions';
import { Tokens } from './tokens';
import { Users } from './users';
import { WebhookScreen } from './webhook';
import { Webhooks } from './webhooks';

/** The screen of a route. */
export function Screen({ route, user }: { readonly route: Route; readonly user: User }): JSX.Element {
  switch (route.screen) {
    case 'locks':
      return <Locks route={route} />;
    case 'lock':
      return <Lock name={route.name} />;
    case 'sessions':
      return <Sessions />;
    case 'webhooks':
      return <Webhooks user={user} />;
    case 'webhook':
      return <WebhookScreen id={route.id} />;
    case 'tokens':
      return <Tokens />;
    case 'users':
      return <Users />;
    case 'policy':
      return <Policy />;
    case 'audit':
      return <Audit />;
    case 'replicas':
      return <Replicas />;
    case 'health':
      return <Health />;
    default:
      return <NotFound />;
  }
}

function NotFound(): JSX.Element {
  return (
    <Page title="Not found">
      <State icon="search" title="The console has no such page.">
        <Link to={ALL_LOCKS}>Show the locks</Link>
      </State>
    </Page>
  );
}
