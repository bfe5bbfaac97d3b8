import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

/** What a form asks for. Its name is also that of its value. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'text' | 'number' | 'long_text' | 'choice' | 'choices' | 'url' | 'secret';
  readonly hint?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly initial?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

/** A choice always has a value. */
export function initialOf({ kind, initial, options }: Field): string {
  return initial ?? (kind === 'choice' ? (options?.[0]?.value ?? '') : '');
}

/** What was filled in. Several choices have commas in between. */
export type Values = Readonly<Record<string, string>>;

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function FieldInput(props: Props): JSX.Element {
  const { field } = props;
  const id = useId();
  if (field.kind === 'choices') return <Choices {...props} />;
  const hintId = field.hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label htmlFor={id}>
        {field.label}
        {field.isRequired === true ? null : <span class="optional"> optional</span>}
      </label>
      <Control {...props} id={id} hintId={hintId} />
      {field.hint === undefined ? null : (
        <p class="hint" id={hintId}>
          {field.hint}
        </p>
      )}
    </div>
  );
}

function Control({
  field,
  value,
  onChange,
  id,
  hintId,
}: Props & { readonly id: string; readonly hintId: string | undefined }): JSX.Element {
  const shared = {
    id,
    value,
    'aria-describedby': hintId,
    required: field.isRequired === true,
    onInput: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (field.kind === 'choice') {
    return (
      <select {...shared}>
        {field.options?.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === 'long_text') return <textarea {...shared} rows={3} maxLength={field.maxLength} />;
  return (
    <input
      {...shared}
      type={inputType(field)}
      min={field.min}
      max={field.max}
      maxLength={field.maxLength}
      autoComplete="off"
      spellcheck={false}
    />
  );
}

/** The types of Preact have another shape for each type of input. These four do not differ in what is used here. */
function inputType({ kind }: Field): 'text' {
  return typeOf(kind) as 'text';
}

function typeOf(kind: Field['kind']): 'number' | 'password' | 'text' | 'url' {
  if (kind === 'secret') return 'password';
  return kind === 'number' || kind === 'url' ? kind : 'text';
}

function Choices({ field, value, onChange }: Props): JSX.Element {
  const chosen = value === '' ? [] : value.split(',');
  return (
    <fieldset class="field choices">
      <legend>{field.label}</legend>
      {field.options?.map((option) => (
        <label key={option.value} class="choice">
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={({ currentTarget }) => {
              const others = chosen.filter((one) => one !== option.value);
              onChange((currentTarget.checked ? [...others, option.value] : others).join(','));
            }}
          />
          {option.label}
        </label>
      ))}
      {field.hint === undefined ? null : <p class="hint">{field.hint}</p>}
    </fieldset>
  );
}
