/** A user's id, for examples in the API document. */
export const EXAMPLE_USER_ID = '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69';
