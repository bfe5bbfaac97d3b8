import { useCallback, useEffect, useRef } from 'preact/hooks';

/** However many events arrive, what they change is read only so often. */
const PAUSE_MS = 250;

/** Runs at once, then not again before the pause is over. The last call is never lost. */
export function useThrottled(run: () => Promise<void>): () => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isDue = useRef(false);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [run]);
  return useCallback(() => {
    if (timer.current !== null) {
      isDue.current = true;
      return;
    }
    void run();
    const rest = (): void => {
      timer.current = null;
      if (!isDue.current) return;
      isDue.current = false;
      void run();
      timer.current = setTimeout(rest, PAUSE_MS);
    };
    timer.current = setTimeout(rest, PAUSE_MS);
  }, [run]);
}
