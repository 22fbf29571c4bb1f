/**
 * Creates a value at its first use, and returns the same value from then on. For what is slow to create and not needed at the
 * start: schemas of zod, and patterns with classes of characters such as \p{L}.
 */
export function lazy<Value extends object>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= create();
    return value;
  };
}
