import type { JSX } from 'preact';
import { CopyButton } from './curl';

/** A new token, the only time that it is shown. */
export function NewToken({ token }: { readonly token: string }): JSX.Element {
  return (
    <div class="new-token">
      <p>Copy the token now. The server keeps only its hash and cannot show it again.</p>
      <div class="curl-line">
        <code tabIndex={0}>{token}</code>
        <CopyButton text={token} label="Copy the token" />
      </div>
    </div>
  );
}
