import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { count } from '../format/words';
import { ActionButton, type Action } from '../parts/action-dialog';
import { Icon } from '../parts/icon';
import { Failure } from '../parts/states';
import { PolicyText } from './policy-text';

type Check = Schemas['PolicyCheck'];
type Finding = Schemas['PolicyFinding'];

interface Props {
  readonly current: Schemas['PolicyVersionBody'];
  readonly initial: string;
  readonly onLeave: () => void;
}

/** A policy is checked before it can be applied, so that its effects are seen first. */
export function PolicyEditor({ current, initial, onLeave }: Props): JSX.Element {
  const [text, setText] = useState(initial);
  const [checked, setChecked] = useState<{ readonly text: string; readonly check: Check } | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const check = async (): Promise<void> => {
    try {
      setChecked({ text, check: await ask(api.POST('/admin/policy/check', { body: { text } })) });
      setFailure(null);
    } catch (reason) {
      setFailure(toApiError(reason));
    }
  };
  const isChecked = checked?.text === text;
  return (
    <>
      <label class="field">
        Policy
        <textarea
          class="editor"
          spellcheck={false}
          rows={18}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <div class="editor-buttons">
        <button type="button" onClick={onLeave}>
          Cancel
        </button>
        <button type="button" class={isChecked ? '' : 'primary'} onClick={() => void check()}>
          Check
        </button>
        {isChecked && checked.check.valid ? (
          <ActionButton action={applyPolicy(text, current.version, onLeave)} kind="primary">
            Apply…
          </ActionButton>
        ) : null}
      </div>
      {failure === null ? null : <Failure failure={failure} retry={() => void check()} />}
      {checked === null || !isChecked ? (
        <p class="faint">Check the policy to see its mistakes, and what it would change.</p>
      ) : (
        <Checked check={checked.check} text={checked.text} before={current.text ?? ''} />
      )}
    </>
  );
}

function Checked({
  check,
  text,
  before,
}: {
  readonly check: Check;
  readonly text: string;
  readonly before: string;
}): JSX.Element {
  const { valid, mistakes, warnings, changes } = check;
  const marked = new Set([...mistakes, ...warnings].map(({ line }) => line));
  return (
    <div role="status" class="checked">
      <p class={valid ? 'good-line' : 'bad-line'}>
        <Icon name={valid ? 'check' : 'warning'} />
        {valid ? 'The policy is valid.' : `The policy has ${count(mistakes.length, 'mistake')}.`}
      </p>
      <Findings kind="Mistake" findings={mistakes} />
      <Findings kind="Warning" findings={warnings} />
      {valid ? <Effects changes={changes} /> : null}
      <PolicyText text={text} before={before} marked={marked} />
    </div>
  );
}

function Findings({
  kind,
  findings,
}: {
  readonly kind: string;
  readonly findings: readonly Finding[];
}): JSX.Element {
  return (
    <>
      {findings.map(({ line, column, message }) => (
        <p key={`${line} ${column} ${message}`} class="finding">
          {kind} in line {line}: {message}
        </p>
      ))}
    </>
  );
}

function Effects({ changes }: { readonly changes: Check['changes'] }): JSX.Element {
  const { added, removed } = changes;
  if (added.length + removed.length === 0)
    return <p class="faint">No one may do more or less than before.</p>;
  return (
    <ul class="effects">
      {removed.map((rule) => (
        <li key={rule} class="removed">
          <span class="visually-hidden">Removed: </span>
          <span aria-hidden="true">− </span>
          {rule}
        </li>
      ))}
      {added.map((rule) => (
        <li key={rule} class="added">
          <span class="visually-hidden">Added: </span>
          <span aria-hidden="true">+ </span>
          {rule}
        </li>
      ))}
    </ul>
  );
}

function applyPolicy(text: string, version: number, done: () => void): Action {
  const etag = `"${version}"`;
  return {
    title: 'Apply the policy',
    explanation:
      'It is in force at once, on all servers. What it does not grant is refused and no longer shown.',
    verb: 'Apply',
    isDestructive: true,
    request: () => ({ method: 'PUT', path: '/admin/policy', headers: { 'If-Match': etag }, body: { text } }),
    run: async () => {
      const applied = await ask(
        api.PUT('/admin/policy', { params: { header: { 'If-Match': etag } }, body: { text } }),
      );
      done();
      return `Version ${applied.version} of the policy is in force`;
    },
  };
}
