import type { JSX } from 'preact';
import { TimeOfDay } from './time';

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A sentence of the server, with its instants as this console shows them. */
export function Summary({ text }: { readonly text: string }): JSX.Element {
  return (
    <>{text.split(INSTANT).map((part) => (INSTANT.test(part) ? <TimeOfDay key={part} at={part} /> : part))}</>
  );
}
