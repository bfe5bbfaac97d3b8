declare const brand: unique symbol;

/** A `T` that only the function that checks or creates it can return. The brand exists at compile time only. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
