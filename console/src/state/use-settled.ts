import { useEffect, useState } from 'preact/hooks';

const PAUSE_MS = 200;

/** A text as it is typed, as it was when the user last paused, and how to change it. */
export function useSettled(
  initial: string,
): [text: string, settled: string, setText: (text: string) => void] {
  const [text, setText] = useState(initial);
  const [settled, setSettled] = useState(initial);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return [text, settled, setText];
}
