export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The host and port of a URL such as `http://127.0.0.1:3000`. */
export function addressOf(url: string): Address {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
