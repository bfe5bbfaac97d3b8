import { ISSUED_SUBJECT_FORM, ISSUER_FORM } from './oidc-subject.js';

/** A user or a group of users, as a policy names them. */
type Kind = 'everyone' | 'github' | 'static' | 'local' | 'org' | 'team' | 'service' | 'oidc' | 'group';

const NAME = String.raw`[^\s,:\x00-\x1f\x7f]{1,100}`;
const GITHUB_NAME = '[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}';

/** What follows the kind and its colon. */
const FORMS = {
  github: `(?:id:[0-9]{1,20}|${GITHUB_NAME})`,
  static: NAME,
  local: NAME,
  org: GITHUB_NAME,
  // A name of dots would change the path at which GitHub is asked.
  team: `${GITHUB_NAME}/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,99}`,
  service: NAME,
  // The subject of a token may contain colons, as those of GitHub Actions do.
  oidc: `${ISSUER_FORM}:${ISSUED_SUBJECT_FORM}`,
  group: String.raw`[^\s,\x00-\x1f\x7f]{1,200}`,
} as const satisfies Record<Exclude<Kind, 'everyone'>, string>;

const EXAMPLES =
  'Use everyone, github:LOGIN, github:id:NUMBER, static:NAME, local:NAME, org:NAME, team:ORG/TEAM, service:NAME, ' +
  'oidc:ISSUER:SUBJECT or group:NAME';

/** The shape of a subject, in syntax that the regular expressions of all languages support. */
export const SUBJECT_SHAPE = `^(?:everyone|${Object.entries(FORMS)
  .map(([kind, form]) => `${kind}:${form}`)
  .join('|')})$`;

const shape = new RegExp(SUBJECT_SHAPE);

/** Why no user can have this name, as a sentence without its full stop. Null if one can. */
export function problemOfSubject(text: string): string | null {
  if (shape.test(text)) return null;
  const kind = text.slice(0, Math.max(text.indexOf(':'), 0));
  if (text.length > 0 && kind in FORMS) return `"${text}" cannot exist, because its name is not valid`;
  return `"${text}" is not a subject. ${EXAMPLES}`;
}

/** The kinds of names that GitHub compares without regard to case. */
const OF_GITHUB = /^(?:github|org|team):/;

/** The form in which subjects are compared. */
export function subjectKey(subject: string): string {
  return OF_GITHUB.test(subject) ? subject.toLowerCase() : subject;
}
