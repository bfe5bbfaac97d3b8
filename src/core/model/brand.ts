declare const brand: unique symbol;

/** A `T` that can only be made by the one function that checks or mints it. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
