import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error';
import { api, ask } from '../api/client';
import type { Schemas } from '../api/schemas';
import { FieldInput, type Field, type Values } from '../parts/fields';
import { Icon } from '../parts/icon';

const ACTIONS = ['observe', 'acquire', 'break', 'administer'] as const;

const FIELDS: readonly Field[] = [
  { name: 'user', label: 'User', isRequired: true },
  {
    name: 'action',
    label: 'Action',
    kind: 'choice',
    isRequired: true,
    initial: 'acquire',
    options: ACTIONS.map((value) => ({ value, label: value })),
  },
  { name: 'lock', label: 'Lock', isRequired: true },
];

/** Which grants let a user do something. */
export function PolicyWhy(): JSX.Element {
  const [values, setValues] = useState<Values>({ user: '', action: 'acquire', lock: '' });
  const [why, setWhy] = useState<Schemas['PolicyWhy'] | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const find = async (): Promise<void> => {
    const { user = '', lock = '' } = values;
    const action = ACTIONS.find((one) => one === values['action']) ?? 'acquire';
    try {
      setWhy(await ask(api.GET('/admin/policy/why', { params: { query: { user, action, lock } } })));
      setFailure(null);
    } catch (reason) {
      setWhy(null);
      setFailure(toApiError(reason));
    }
  };
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      {FIELDS.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <button type="submit">Find out</button>
      <div role="status" class="answer">
        {failure === null ? null : <p class="bad-line">{failure.details ?? failure.message}</p>}
        {why === null ? null : <Answer why={why} />}
      </div>
    </form>
  );
}

function Answer({ why }: { readonly why: Schemas['PolicyWhy'] }): JSX.Element {
  return (
    <>
      <p class={why.allowed ? 'good-line' : 'bad-line'}>
        <Icon name={why.allowed ? 'check' : 'forbidden'} />
        {why.reason}
      </p>
      {why.grants.map(({ line, to, may, on }) => (
        <p key={line} class="faint">
          Line {line}: {to.join(', ')} may {may.join(', ')} on {on.join(', ')}
        </p>
      ))}
    </>
  );
}
