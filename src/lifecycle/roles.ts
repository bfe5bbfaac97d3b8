/** What a server is to the others on its database. */
export const ROLES = ['leader', 'standby'] as const;

export type Role = (typeof ROLES)[number];
