/** The GitHub account that a login in the configuration stands for. Never changed and never removed. */
export interface LoginPinRow {
  /** In lower case. */
  login: string;

  /** GitHub's numeric id of the account that used the login first. */
  subject: string;

  /** Wall-clock milliseconds. */
  createdAt: number;
}
