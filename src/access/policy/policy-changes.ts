import { LIMIT_NAMES, type PolicyDocument } from './policy-document.js';
import { subjectKey } from './subject-text.js';

/** What one policy allows and another one does not, in sentences. */
export interface PolicyChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** @param before null if there was no policy. */
export function changesBetween(before: PolicyDocument | null, after: PolicyDocument | null): PolicyChanges {
  const [old, present] = [sentencesOf(before), sentencesOf(after)];
  return {
    added: [...present].filter((sentence) => !old.has(sentence)),
    removed: [...old].filter((sentence) => !present.has(sentence)),
  };
}

/** What a policy says, one sentence for each subject and pattern, and for each limit. */
function sentencesOf(document: PolicyDocument | null): ReadonlySet<string> {
  if (document === null) return new Set(['everyone may observe, acquire on *']);
  const actions = new Map<string, Set<string>>();
  for (const { to, may, on } of document.grants) {
    for (const key of to.flatMap((subject) => on.map((pattern) => `${subjectKey(subject)}\n${pattern}`))) {
      const known = actions.get(key) ?? new Set();
      actions.set(key, known);
      for (const action of may) known.add(action);
    }
  }
  const grants = [...actions].map(([key, may]) => {
    const [subject, pattern] = key.split('\n');
    return `${subject} may ${[...may].toSorted().join(', ')} on ${pattern}`;
  });
  const limits = (document.quotas ?? []).flatMap((quota) =>
    quota.for.flatMap((subject) =>
      LIMIT_NAMES.filter((name) => quota[name] !== undefined).map(
        (name) => `${subjectKey(subject)} has a limit of ${quota[name]} ${name.replaceAll('_', ' ')}`,
      ),
    ),
  );
  return new Set([...grants, ...limits]);
}
