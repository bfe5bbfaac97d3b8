import type { Language } from './languages.js';
import type { Section, Sections } from './sections.js';
import { Slots } from './slots.js';
import { withTestServer } from './test-server.js';
import { build, installTools, test } from './tools.js';

/** How many SDKs are built and tested at the same time. Some of their tests keep the processors busy, and others wait. */
const AT_ONCE = 3;

/** Builds SDKs and runs their own tests. Resolves with those for which all of that succeeded. */
export async function prepared(languages: readonly Language[], sections: Sections): Promise<Language[]> {
  const slots = new Slots(AT_ONCE);
  const outcomes = (await equipped(languages, sections)).map(async (language) => {
    const section = sections.open();
    const isReady = await slots.run(() => succeeds(language, section, buildAndTest(language)));
    return isReady ? [language] : [];
  });
  return (await Promise.all(outcomes)).flat();
}

/** Those whose tools are installed. They are installed one after the other, because they share a package manager. */
async function equipped(languages: readonly Language[], sections: Sections): Promise<Language[]> {
  const ready: Language[] = [];
  for (const language of languages) {
    const install = ({ write }: Section): Promise<void> => installTools(language, write);
    if (await succeeds(language, sections.open(), install)) ready.push(language);
  }
  return ready;
}

function buildAndTest(language: Language): (section: Section) => Promise<void> {
  return async ({ write }) => {
    const startedAt = Date.now();
    await build(language, write);
    await withTestServer(({ environment }) => test(language, write, environment));
    write(`${language.name}: built and tested in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n\n`);
  };
}

/** Whether a task succeeds. If not, its section says why. */
async function succeeds(
  { name }: Language,
  section: Section,
  task: (section: Section) => Promise<void>,
): Promise<boolean> {
  try {
    await task(section);
    return true;
  } catch (error) {
    section.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n\n`);
    return false;
  } finally {
    section.end();
  }
}
