/**
 * What this version writes at most. Raise it when a row gets content that the version before cannot read, and write that only if the
 * `format` of the server row is at least as high. So an upgrade can be undone until an operator says that it is final.
 */
export const FORMAT = 1;

/** What the function that takes over raises if the database may contain what this version cannot read. */
export const FORMAT_TOO_NEW = 'OCT02';
