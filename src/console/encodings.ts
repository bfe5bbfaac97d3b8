/** How a file may be compressed, the best first, and how the name of the compressed file ends. */
export const ENCODINGS = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

export type Encoding = (typeof ENCODINGS)[number]['encoding'];

/** The encodings that an `Accept-Encoding` allows. None if there is no such header. */
export function acceptedEncodings(header: string | undefined): ReadonlySet<Encoding> {
  const weights = new Map((header ?? '').split(',').map(weightOf));
  const usual = weights.get('*') ?? 0;
  const accepted = ENCODINGS.filter(({ encoding }) => (weights.get(encoding) ?? usual) > 0);
  return new Set(accepted.map(({ encoding }) => encoding));
}

/** An encoding with its weight, which is 0 if the client refuses it. */
function weightOf(item: string): [string, number] {
  const [encoding = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return [encoding, weight === undefined ? 1 : Number(weight.slice(2))];
}
