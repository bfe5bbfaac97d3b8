/** What clients read as the name of someone who used the admin key, which belongs to no user. */
export const ADMINISTRATOR = 'administrator';
