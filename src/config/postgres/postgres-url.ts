/** A database of a PostgreSQL server, as `DATABASE_URL` names it. */
export interface PostgresUrl {
  readonly engine: 'postgres';
  /** At least one, in the order in which they are tried. The one that takes writes is used. */
  readonly hosts: readonly [PostgresHost, ...PostgresHost[]];
  readonly database: string;
  readonly user: string;
  /** Null if the URL has none. */
  readonly password: string | null;
  readonly tls: PostgresTls;
}

export interface PostgresHost {
  /** A host name, an address, or the absolute path of a folder with a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** There is nothing in between: a connection that is encrypted but not verified protects against no one who can redirect it. */
export type PostgresTls =
  | { readonly mode: 'disable' }
  /** @param caFile the certificates to trust. Null means those of the system. */
  | { readonly mode: 'verify-full'; readonly caFile: string | null };
