import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error';
import { api, ask } from '../api/client';
import { Icon } from '../parts/icon';
import { signInWithToken } from '../state/identity';
import { useLoad } from '../state/use-load';

/** Afterwards the user is where the address says, so a shared link works. */
export function SignIn({ notice }: { readonly notice: string | null }): JSX.Element {
  const ways = useLoad('ways', () => ask(api.GET('/auth/sign-in')));
  const providers = ways.data?.providers ?? [];
  return (
    <main class="alone" id="main">
      <div class="sign-in">
        <img src={`${import.meta.env.BASE_URL}logo.svg`} alt="" width="40" height="40" />
        <h1>Sign in to OctoStore</h1>
        {notice === null ? null : (
          <p class="stale-note" role="status">
            <Icon name="warning" />
            <span>{notice}</span>
          </p>
        )}
        {providers.map(({ kind, name, url }) => (
          <a key={kind} class="button primary" href={`${url}?return_to=${encodeURIComponent(here())}`}>
            Continue with {name}
          </a>
        ))}
        {providers.length === 0 ? null : <p class="or">or</p>}
        <TokenForm />
      </div>
    </main>
  );
}

function here(): string {
  return `${location.pathname}${location.search}`;
}

function TokenForm(): JSX.Element {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      await signInWithToken(token.trim());
    } catch (reason) {
      setFailure(toApiError(reason));
      setBusy(false);
    }
  };
  return (
    <form
      class="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submit();
      }}
    >
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="password"
        required
        autoComplete="off"
        spellcheck={false}
        aria-describedby="token-hint"
        value={token}
        onInput={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <p class="hint" id="token-hint">
        It stays in this tab until you close it. An operator can make one with{' '}
        <code>octostore token create</code>.
      </p>
      {failure === null ? null : (
        <div class="form-failure" role="alert">
          <Icon name="warning" />
          <p>{failure.message}</p>
        </div>
      )}
      <button type="submit" class="primary" aria-disabled={isBusy}>
        Sign in
      </button>
    </form>
  );
}
