import { useEffect, useState } from 'preact/hooks';

const NARROW = matchMedia('(max-width: 700px)');

/** Whether rows have two lines. The style sheet has the same width. */
export function useIsNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const look = (): void => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', look);
    return () => NARROW.removeEventListener('change', look);
  }, []);
  return isNarrow;
}

/** In pixels. The style sheet has the same heights. */
export function rowHeightOf(isNarrow: boolean): number {
  return isNarrow ? 56 : 34;
}
