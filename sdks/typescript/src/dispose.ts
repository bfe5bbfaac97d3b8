/** Adds the symbol behind `await using` to engines that lack it. Must be imported before any class that uses it. */
const symbols: { asyncDispose?: symbol } = Symbol;

if (symbols.asyncDispose === undefined) {
  Object.defineProperty(Symbol, 'asyncDispose', { value: Symbol.for('Symbol.asyncDispose') });
}
