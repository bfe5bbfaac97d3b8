/** The GitHub account that a configured login stands for. It is never changed or removed. */
export interface LoginPinRow {
  /** In lower case. */
  login: string;

  /** GitHub's numeric id of the account that first used the login. */
  subject: string;

  /** Wall-clock milliseconds. */
  createdAt: number;
}
