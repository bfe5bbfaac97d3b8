import type { PathParameters } from '../input/service-request.js';

/**
 * Paths that mean the same to every router: no query, no empty component, no slash at the end, and only slashes encoded. All
 * other paths are left to Express.
 */
const PLAIN_PATH = /^(?:\/(?:[\w.-]|%2[Ff])+)+$/;

export function isPlain(path: string): boolean {
  return PLAIN_PATH.test(path);
}

/** Reads the parameters from a plain path. Null if the path does not match. */
export type Match = (path: string) => PathParameters | null;

/** Makes a matcher for the plain paths that Express would match with a route's path. The path is in Express's syntax. */
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

/**
 * Makes a reader for a parameter, written as `:name` or `*name`. The value of a wildcard is an array of its components, as in
 * Express.
 */
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

/** In a plain path, only slashes can be encoded. */
function decode(text: string): string {
  return text.includes('%') ? text.replaceAll('%2F', '/').replaceAll('%2f', '/') : text;
}
