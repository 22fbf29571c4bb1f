/**
 * Creates a value at its first use, and returns the same from then on. Schemas of zod take so long that a start would pay for
 * hundreds of them before the first request.
 */
export function lazy<Value extends object>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= create();
    return value;
  };
}
