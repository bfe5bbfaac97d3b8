const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const ISSUER_LENGTH_MAX = 400;

/** The rule, as the rest of a sentence that begins with the name of a setting. */
export const ISSUER_RULE =
  'must be an https URL without a query, a fragment, white space, or a colon, @ or * in its path. For a provider on this machine, http is enough';

/** Whether a text can identify an OpenID Connect provider. Over http, others could answer in its place. */
export function isIssuer(text: string): boolean {
  if (text.length > ISSUER_LENGTH_MAX || /[\s,?#]/.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  // Policies could not tell where such an issuer ends and its subjects begin.
  if (/[:@*]/.test(pathname)) return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

interface Settings {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_CLIENT_SECRET?: string | undefined;
  readonly OIDC_CLIENT_SECRET_FILE?: string | undefined;
}

/** A setting, and what is wrong with it. */
interface Mistake {
  readonly path: keyof Settings;
  readonly message: string;
}

/** The mistakes that only show when the settings of OpenID Connect are compared. */
export function oidcMistakes(settings: Settings): Mistake[] {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: secret,
    OIDC_CLIENT_SECRET_FILE: file,
  } = settings;
  if ([issuer, clientId, secret, file].every((setting) => setting === undefined)) return [];
  const mistakes: Mistake[] = [];
  const because = 'must be set too, because other OIDC settings are set';
  if (issuer === undefined) mistakes.push({ path: 'OIDC_ISSUER', message: because });
  if (clientId === undefined) mistakes.push({ path: 'OIDC_CLIENT_ID', message: because });
  if (secret === undefined && file === undefined) {
    mistakes.push({ path: 'OIDC_CLIENT_SECRET', message: `or OIDC_CLIENT_SECRET_FILE ${because}` });
  }
  if (secret !== undefined && file !== undefined) {
    const message = 'must not be set, because OIDC_CLIENT_SECRET is set. Remove one of them';
    mistakes.push({ path: 'OIDC_CLIENT_SECRET_FILE', message });
  }
  return mistakes;
}
