import type { ComponentChildren, JSX } from 'preact';
import type { ApiError } from '../api/api-error';
import type { Loaded } from '../state/use-load';
import { Icon, type IconName } from './icon';

interface StateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly role?: 'alert';
}

/** What a screen shows when it has nothing else to show. */
export function State({ icon, title, children, role }: StateProps): JSX.Element {
  return (
    <div class="state" role={role}>
      <Icon name={icon} />
      <p class="state-title">{title}</p>
      {children}
    </div>
  );
}

/** Appears only if loading takes long enough to be noticed. */
export function Loading({ what }: { readonly what: string }): JSX.Element {
  return (
    <div class="state loading" aria-busy="true">
      <span class="spinner" aria-hidden="true" />
      <p>Loading {what}…</p>
    </div>
  );
}

export function Failure({
  failure,
  retry,
}: {
  readonly failure: ApiError;
  readonly retry: () => void;
}): JSX.Element {
  if (failure.isForbidden) {
    return (
      <State icon="forbidden" title="You may not see this" role="alert">
        <p>{failure.message}</p>
      </State>
    );
  }
  return (
    <State icon={failure.isUnreachable ? 'offline' : 'warning'} title={failure.message} role="alert">
      {failure.details === null ? null : <p>{failure.details}</p>}
      {failure.requestId === null ? null : (
        <p class="faint">
          Request <code>{failure.requestId}</code>
        </p>
      )}
      <button type="button" onClick={retry}>
        Try again
      </button>
    </State>
  );
}

/** Says in one line, above what was read before, that reading it again has failed. */
export function StaleNote({
  failure,
  retry,
}: {
  readonly failure: ApiError;
  readonly retry: () => void;
}): JSX.Element {
  return (
    <p class="stale-note">
      <Icon name="warning" />
      <span>What you see may be out of date. {failure.message}</span>
      <button type="button" class="quiet" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

interface WhenLoadedProps<T> {
  readonly what: string;
  readonly of: Loaded<T>;
  readonly children: (data: T) => ComponentChildren;
}

/** What was read, or why it is not there. */
export function WhenLoaded<T>({ what, of, children }: WhenLoadedProps<T>): JSX.Element {
  const { data, failure, reload } = of;
  const retry = (): void => void reload();
  if (failure !== null && (data === null || failure.isForbidden))
    return <Failure failure={failure} retry={retry} />;
  if (data === null) return <Loading what={what} />;
  return (
    <>
      {failure === null ? null : <StaleNote failure={failure} retry={retry} />}
      {children(data)}
    </>
  );
}
