/** What a grant may allow. */
export const ACTIONS = ['observe', 'acquire', 'break', 'administer'] as const;

export type PolicyAction = (typeof ACTIONS)[number];

/** A set of actions, as one bit for each. */
export type Rights = number;

export const NO_RIGHTS: Rights = 0;

const OBSERVE = 1;
const ACQUIRE = 2;
const BREAK = 4;
const ADMINISTER = 8;

/** The one bit of each action. */
const OWN: Readonly<Record<PolicyAction, Rights>> = {
  observe: OBSERVE,
  acquire: ACQUIRE,
  break: BREAK,
  administer: ADMINISTER,
};

/** What each action allows, with all that it implies. */
const IMPLIED: Readonly<Record<PolicyAction, Rights>> = {
  observe: OBSERVE,
  acquire: ACQUIRE | OBSERVE,
  break: BREAK | OBSERVE,
  administer: ADMINISTER | BREAK | OBSERVE,
};

/** The rights that these actions give together. */
export function rightsOf(actions: readonly PolicyAction[]): Rights {
  return actions.reduce((rights, action) => rights | IMPLIED[action], NO_RIGHTS);
}

export function hasRight(rights: Rights, action: PolicyAction): boolean {
  return (rights & OWN[action]) !== 0;
}

/** Whether `rights` has all of `others`. */
export function includesRights(rights: Rights, others: Rights): boolean {
  return (rights & others) === others;
}
