import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error';
import { live } from './live';

/** Something that a screen reads from the server. What was read stays while it is read again. */
export interface Loaded<T> {
  readonly data: T | null;
  readonly failure: ApiError | null;
  readonly reload: () => Promise<void>;
  /** Changes what is shown, until it is read again. */
  readonly patch: (change: (data: T) => T) => void;
}

interface Options {
  /** Reads again at this interval while the page can be seen. */
  readonly everyMs?: number;
}

/** Reads when the component appears and when `key` changes. Answers to earlier questions are dropped. */
export function useLoad<T>(key: string, read: () => Promise<T>, { everyMs }: Options = {}): Loaded<T> {
  const [state, setState] = useState<{ key: string; data: T | null; failure: ApiError | null }>({
    key,
    data: null,
    failure: null,
  });
  const latest = useRef(0);
  const reading = useRef(read);
  reading.current = read;

  const reload = useCallback(async () => {
    latest.current += 1;
    const mine = latest.current;
    try {
      const data = await reading.current();
      if (mine === latest.current) setState({ key, data, failure: null });
    } catch (failure) {
      if (mine !== latest.current) return;
      setState((before) => ({
        key,
        data: before.key === key ? before.data : null,
        failure: toApiError(failure),
      }));
    }
  }, [key]);

  useEffect(() => {
    void reload();
    return () => {
      latest.current += 1;
    };
  }, [reload]);
  useInterval(reload, everyMs);
  useReconnection(reload);

  const patch = useCallback((change: (data: T) => T) => {
    setState((before) => (before.data === null ? before : { ...before, data: change(before.data) }));
  }, []);
  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : null,
    failure: isCurrent ? state.failure : null,
    reload,
    patch,
  };
}

function useInterval(run: () => Promise<void>, everyMs: number | undefined): void {
  useEffect(() => {
    const timer =
      everyMs === undefined
        ? undefined
        : setInterval(() => {
            if (!document.hidden) void run();
          }, everyMs);
    return () => clearInterval(timer);
  }, [run, everyMs]);
}

/** What was read before the connection was lost is read again when it is back. */
function useReconnection(run: () => Promise<void>): void {
  useEffect(() => live.reconnections.follow(() => void run()), [run]);
}
