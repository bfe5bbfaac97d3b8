/** Gives engines that lack it the symbol behind `await using`. Imported before any class that uses it. */
const symbols: { asyncDispose?: symbol } = Symbol;

if (symbols.asyncDispose === undefined) {
  Object.defineProperty(Symbol, 'asyncDispose', { value: Symbol.for('Symbol.asyncDispose') });
}
