/** `part` of `whole` as a fraction with three decimals. Null where either is unknown and for 0 of 0. */
export function rateOf(part: number | null | undefined, whole: number | null | undefined): number | null {
  if (part == null || whole == null || whole <= 0) return null;
  return Math.round((part / whole) * 1_000) / 1_000;
}

/** A number with one decimal. */
export function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The sum, or null where a part is unknown. */
export function sumOf(values: readonly (number | null | undefined)[]): number | null {
  return values.reduce<number | null>((sum, value) => (sum === null || value == null ? null : sum + value), 0);
}
