/** The choice that a text is. Throws `TypeError` if it is none of them. */
export function oneOf<T extends string>(text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) throw new TypeError('an unknown choice');
  return choice;
}
