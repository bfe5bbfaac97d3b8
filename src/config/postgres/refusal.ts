/**
 * Why a URL is not accepted, as the rest of a sentence that begins with "DATABASE_URL". It must quote nothing from before the
 * last `@` of the URL, because that may be a password.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export function refuse(reason: string): never {
  throw new Refusal(reason);
}
