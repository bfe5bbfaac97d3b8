import { expect, test } from 'vitest';
import { profileOf } from '../../src/auth/oidc/oidc-profile.js';

const ISSUER = 'https://login.example.com';

const subjectOf = (sub: string, issuer = ISSUER) => profileOf(issuer, 'groups', { sub })?.identity.subject;

test.each(['8443:repo:acme/app', '8443/realms/acme:ada', '1:2'])(
  'the subject %s, which looks like one of another issuer on that host, is no user',
  (sub) => {
    expect(subjectOf(sub)).toBeUndefined();
    expect(subjectOf(sub, `${ISSUER}/realms/acme`)).toBe(`${ISSUER}/realms/acme:${sub}`);
  },
);

test.each(['8443', 'auth0|12', 'a:b', '/x:y', '8443:'])('the subject %s is a user', (sub) => {
  expect(subjectOf(sub)).toBe(`${ISSUER}:${sub}`);
});
