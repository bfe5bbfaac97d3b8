import type { PathParameters } from '../input/service-request.js';

/**
 * Paths that mean the same to everybody: no query, no empty component, no slash at the end, nothing encoded but slashes.
 * What anything else means is left to Express.
 */
const PLAIN_PATH = /^(?:\/(?:[\w.-]|%2[Ff])+)+$/;

export function isPlain(path: string): boolean {
  return PLAIN_PATH.test(path);
}

/** Reads the parameters from a plain path; null if the path is not the route's. */
export type Match = (path: string) => PathParameters | null;

/** Matches the plain paths that Express would match with a route's path, which is written as Express has it. */
export function matchOf(path: string): Match {
  const [before = '', ...rest] = path.split(/([:*]\w+)/);
  const [parameter, after = '', ...others] = rest;
  if (parameter === undefined) return (url) => (url === path ? {} : null);
  if (others.length > 0) return matchByPattern(path);
  const read = readerOf(parameter);
  const isOneComponent = parameter.startsWith(':');
  return (url) => {
    const end = url.length - after.length;
    if (end <= before.length || !url.startsWith(before) || !url.endsWith(after)) return null;
    const text = url.slice(before.length, end);
    return isOneComponent && text.includes('/') ? null : read({}, text);
  };
}

/** For paths with several parameters. */
function matchByPattern(path: string): Match {
  const literal = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`^${literal.replace(/:\w+/g, '([^/]+)').replace(/\*\w+/g, '(.+)')}$`);
  const readers = [...path.matchAll(/[:*]\w+/g)].map(([parameter]) => readerOf(parameter));
  return (url) => {
    const match = pattern.exec(url);
    if (match === null) return null;
    return readers.reduce((params, read, at) => read(params, match[at + 1] ?? ''), {});
  };
}

type Reader = (params: PathParameters, text: string) => PathParameters;

/** Adds a parameter, written as `:name` or `*name`, to others. A wildcard is an array of its components, as Express has it. */
function readerOf(parameter: string): Reader {
  const name = parameter.slice(1);
  const read = parameter.startsWith(':') ? decode : componentsOf;
  return (params, text) => {
    params[name] = read(text);
    return params;
  };
}

function componentsOf(text: string): string[] {
  return text.includes('/') ? text.split('/').map(decode) : [decode(text)];
}

/** Of what can be encoded, a plain path has slashes only. */
function decode(text: string): string {
  return text.includes('%') ? text.replaceAll('%2F', '/').replaceAll('%2f', '/') : text;
}
