import { existsSync } from 'node:fs';

/** Where Debian, Fedora and the packages of Google put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser for tests, or null if there is none. `CHROMIUM` names another one. */
export function findChromium(): string | null {
  const places = process.env['CHROMIUM'] === undefined ? PLACES : [process.env['CHROMIUM']];
  return places.find((place) => existsSync(place)) ?? null;
}
