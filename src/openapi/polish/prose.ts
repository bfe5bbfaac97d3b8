/** Joins the lines of each paragraph, because comments in the source are wrapped. */
export function unwrapProse<T>(node: T): T {
  if (Array.isArray(node)) return node.map((item: unknown) => unwrapProse(item)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) => {
    const isProse = (key === 'description' || key === 'summary') && typeof value === 'string';
    return [key, isProse ? value.replace(/(?<!\n)\n(?!\n)/g, ' ') : unwrapProse(value)];
  });
  return Object.fromEntries(entries) as T;
}
