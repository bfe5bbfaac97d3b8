import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { curlLine, type CurlRequest } from '../format/curl';
import { Icon } from './icon';

/** The command that does the same, to copy. */
export function Curl({ request }: { readonly request: CurlRequest }): JSX.Element {
  const line = curlLine(location.origin, request);
  return (
    <div class="curl">
      <p class="curl-title" id="curl-title">
        The same on the command line
      </p>
      <div class="curl-line">
        <code tabIndex={0} aria-labelledby="curl-title">
          {line}
        </code>
        <CopyButton text={line} label="Copy the command" />
      </div>
    </div>
  );
}

const SHOWN_MS = 2000;

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const onCopy = async (): Promise<void> => {
    await copy(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={copied ? 'Copied' : label}
      title={copied ? 'Copied' : label}
      onClick={() => void onCopy()}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}

/** Without HTTPS, browsers give pages no clipboard. Then the text is copied as a selection. */
async function copy(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
