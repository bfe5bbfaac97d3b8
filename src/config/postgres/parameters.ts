import { decode } from './decode.js';
import { refuse } from './refusal.js';

const NAMES = ['host', 'sslmode', 'sslrootcert'] as const;

type ParameterName = (typeof NAMES)[number];

/** The parameters that the URL sets. */
export type Parameters = ReadonlyMap<ParameterName, string>;

/** A name that is safe to quote. */
const NAME = /^\w{1,63}$/;

/** Reads `name=value&name=value`. Throws `Refusal`. */
export function readParameters(query: string): Parameters {
  const parameters = new Map<ParameterName, string>();
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const { name, value } = readPair(pair);
    if (parameters.has(name)) refuse(`sets ${name} twice. Remove one of them`);
    parameters.set(name, value);
  }
  return parameters;
}

function readPair(pair: string): { readonly name: ParameterName; readonly value: string } {
  const [given = ''] = pair.split('=', 1);
  const name = NAMES.find((known) => known === given) ?? refuseUnknown(given);
  const value = decode(pair.slice(given.length + 1), name);
  if (value === '') refuse(`sets ${name} to nothing. Remove it, or give it a value`);
  return { name, value };
}

function refuseUnknown(name: string): never {
  const which = NAME.test(name)
    ? `the parameter ${name}, which OctoStore does not know`
    : 'a parameter without a valid name';
  return refuse(`has ${which}. Remove it. The parameters are ${NAMES.join(', ')}`);
}
