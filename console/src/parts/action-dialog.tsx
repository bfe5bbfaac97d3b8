import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { toApiError, type ApiError } from '../api/api-error';
import type { CurlRequest } from '../format/curl';
import { Curl } from './curl';
import { FieldInput, initialOf, type Field, type Values } from './fields';
import { Icon } from './icon';
import { announce } from './notices';

/** Something that the user can do, and what it asks for first. */
export interface Action {
  readonly title: string;
  readonly explanation?: ComponentChildren;
  readonly fields?: readonly Field[];
  /** The label of the button that does it. */
  readonly verb: string;
  /** Whether it takes something away that someone may need. */
  readonly isDestructive?: boolean;
  /** The request that is sent for what was filled in. */
  readonly request: (values: Values) => CurlRequest;
  /** Does it. Returns what to announce, or something to show instead of the form. */
  readonly run: (values: Values) => Promise<string | { readonly show: ComponentChildren }>;
}

/** Asks before something is done, says how to do it on the command line, and says if it fails. */
export function ActionDialog({
  action,
  onClose,
}: {
  readonly action: Action;
  readonly onClose: () => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [result, setResult] = useState<ComponentChildren>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => dialog.current?.close();
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={onClose}>
      <header class="dialog-head">
        <h2 id={title}>{action.title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {result === null ? (
        <ActionForm action={action} onCancel={close} onShow={setResult} onDone={close} />
      ) : (
        <div class="dialog-body">
          {result}
          <div class="dialog-buttons">
            <button type="button" class="primary" onClick={close}>
              Done
            </button>
          </div>
        </div>
      )}
    </dialog>
  );
}

interface FormProps {
  readonly action: Action;
  readonly onCancel: () => void;
  readonly onShow: (result: ComponentChildren) => void;
  readonly onDone: () => void;
}

function ActionForm({ action, onCancel, onShow, onDone }: FormProps): JSX.Element {
  const { fields = [] } = action;
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map((field) => [field.name, initialOf(field)])),
  );
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setBusy(true);
    try {
      const done = await action.run(values);
      if (typeof done === 'string') {
        announce(done);
        onDone();
      } else {
        onShow(done.show);
      }
    } catch (reason) {
      setFailure(toApiError(reason));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void submit();
      }}
    >
      {action.explanation === undefined ? null : <div class="explanation">{action.explanation}</div>}
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <Curl request={action.request(values)} />
      {failure === null ? null : <FormFailure failure={failure} />}
      <div class="dialog-buttons">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button
          type="submit"
          class={action.isDestructive === true ? 'danger' : 'primary'}
          aria-disabled={isBusy}
        >
          {action.verb}
        </button>
      </div>
    </form>
  );
}

function FormFailure({ failure }: { readonly failure: ApiError }): JSX.Element {
  return (
    <div class="form-failure" role="alert">
      <Icon name="warning" />
      <div>
        <p>{failure.message}</p>
        {failure.details === null ? null : <p>{failure.details}</p>}
      </div>
    </div>
  );
}

/** A button that opens the dialog of an action. */
export function ActionButton({
  action,
  children,
  kind = '',
}: {
  readonly action: Action;
  readonly children: ComponentChildren;
  readonly kind?: string;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class={kind} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {children}
      </button>
      {isOpen ? <ActionDialog action={action} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
