import type { JSX } from 'preact';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { path } from '../format/curl';
import { scopeWords } from '../format/words';
import { ActionButton, type Action } from '../parts/action-dialog';
import { Badge } from '../parts/badge';
import { NewToken } from '../parts/new-token';
import { Page, Section } from '../parts/page';
import { WhenLoaded } from '../parts/states';
import { Table } from '../parts/table';
import { RelativeTime } from '../parts/time';
import { TOKEN_FIELDS, tokenLimits } from '../parts/token-fields';
import { useLoad } from '../state/use-load';

type BrowserSession = Schemas['ListedBrowserSession'];

/** The user's own tokens and browser sessions. */
export function Tokens(): JSX.Element {
  const tokens = useLoad('tokens', () => ask(api.GET('/tokens')));
  const me = useLoad('me', () => ask(api.GET('/me')));
  const reload = (): void => void tokens.reload();
  return (
    <Page
      title="Tokens"
      actions={
        <ActionButton action={createToken(reload)} kind="primary">
          Create a token…
        </ActionButton>
      }
    >
      <Section title="Your tokens">
        <WhenLoaded what="your tokens" of={tokens}>
          {({ tokens: rows }) => (
            <Table
              label="Your tokens"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Label',
                  kind: 'name',
                  cell: ({ id, label }) => (
                    <>
                      {label ?? <span class="faint">no label</span>}{' '}
                      {me.data?.token.id === id ? <Badge tone="notice">this one</Badge> : null}
                    </>
                  ),
                },
                { title: 'Id', cell: ({ id }) => <code>{id}</code> },
                { title: 'May', cell: ({ scopes }) => scopeWords(scopes) },
                { title: 'Last used', cell: ({ last_used_at }) => <When at={last_used_at} none="never" /> },
                {
                  title: 'Created',
                  cell: ({ created_at }) => <When at={created_at} none="by the configuration" />,
                },
                { title: 'Expires', cell: ({ expires_at }) => <When at={expires_at} none="never" /> },
                {
                  title: 'Actions',
                  isUntitled: true,
                  kind: 'buttons',
                  cell: ({ id, label }) => (
                    <ActionButton action={revokeToken(id, label ?? id, reload)} kind="small danger-outline">
                      Revoke…
                    </ActionButton>
                  ),
                },
              ]}
            />
          )}
        </WhenLoaded>
      </Section>
      <BrowserSessions />
    </Page>
  );
}

function When({ at, none }: { readonly at: string | null; readonly none: string }): JSX.Element {
  return at === null ? <span class="faint">{none}</span> : <RelativeTime at={at} />;
}

function BrowserSessions(): JSX.Element {
  const sessions = useLoad('browser sessions', () => ask(api.GET('/me/sessions')));
  const reload = (): void => void sessions.reload();
  return (
    <Section title="Your browser sessions">
      <WhenLoaded what="your browser sessions" of={sessions}>
        {({ sessions: rows }) =>
          rows.length === 0 ? (
            <p class="faint">None. A browser session begins when you sign in with a provider.</p>
          ) : (
            <Table
              label="Your browser sessions"
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  title: 'Browser',
                  kind: 'name',
                  cell: ({ user_agent, is_current }) => (
                    <>
                      {user_agent ?? 'unknown'} {is_current ? <Badge tone="notice">this one</Badge> : null}
                    </>
                  ),
                },
                { title: 'Address', cell: ({ address }) => <code>{address ?? 'unknown'}</code> },
                { title: 'Began', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
                { title: 'Ends', cell: ({ idle_ends_at }) => <RelativeTime at={idle_ends_at} /> },
                {
                  title: 'Actions',
                  isUntitled: true,
                  kind: 'buttons',
                  cell: (session) => (
                    <ActionButton action={endBrowserSession(session, reload)} kind="small danger-outline">
                      End…
                    </ActionButton>
                  ),
                },
              ]}
            />
          )
        }
      </WhenLoaded>
    </Section>
  );
}

function createToken(done: () => void): Action {
  return {
    title: 'Create a token',
    fields: TOKEN_FIELDS,
    verb: 'Create the token',
    request: (values) => ({
      method: 'POST',
      path: '/tokens',
      body: { label: values['label'] ?? '', ...tokenLimits(values) },
    }),
    run: async (values) => {
      const body = { label: values['label'] ?? '', ...tokenLimits(values) };
      const { token } = await ask(api.POST('/tokens', { body }));
      done();
      return { show: <NewToken token={token} /> };
    },
  };
}

function revokeToken(id: string, label: string, done: () => void): Action {
  return {
    title: `Revoke ${label}`,
    explanation: 'Programs that use it are refused from now on, and its event streams end.',
    verb: 'Revoke',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/tokens/${id}` }),
    run: async () => {
      await ask(api.DELETE('/tokens/{id}', { params: { path: { id } } }));
      done();
      return `Revoked ${label}`;
    },
  };
}

function endBrowserSession({ id, is_current }: BrowserSession, done: () => void): Action {
  return {
    title: 'End the browser session',
    explanation: is_current ? 'It is the one that you are using, so you will be signed out.' : undefined,
    verb: 'End the session',
    isDestructive: true,
    request: () => ({ method: 'DELETE', path: path`/me/sessions/${id}` }),
    run: async () => {
      await ask(api.DELETE('/me/sessions/{id}', { params: { path: { id } } }));
      done();
      return 'Ended the browser session';
    },
  };
}
