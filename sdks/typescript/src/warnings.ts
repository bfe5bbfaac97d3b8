interface Process {
  emitWarning?(message: string, options: { type: string; code: string; detail?: string | undefined }): void;
}

/** Warns in the engine's usual way. */
export function warn(code: string, message: string, detail?: string): void {
  const { process } = globalThis as { readonly process?: Process };
  if (process?.emitWarning === undefined) console.warn(`${message}\n${detail ?? ''}`.trim());
  else process.emitWarning(message, { type: 'OctoStoreWarning', code, detail });
}
