import type { z } from 'zod';

const ROUNDS = 4;
const DROPPED = Symbol('dropped');

/**
 * Makes a value fit a loose schema, in place, where a field has an odd type: a text is made of what should be one, an odd
 * row becomes an empty one, anything else is left out. Callers may then rely on the types.
 * @returns the paths that had to be changed, usually none.
 */
export function fitTo(schema: z.ZodType, value: unknown): string[] {
  const changed = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const parsed = schema.safeParse(value);
    if (parsed.success) break;
    const shortened = new Set<unknown[]>();
    for (const issue of parsed.error.issues) {
      const parent = issue.path
        .slice(0, -1)
        .reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], value);
      const key = issue.path.at(-1);
      if (key === undefined || typeof parent !== 'object' || parent === null) continue;
      changed.add(issue.path.join('.'));
      const fitting = mended((parent as Record<PropertyKey, unknown>)[key], issue);
      if (fitting !== DROPPED) (parent as Record<PropertyKey, unknown>)[key] = fitting;
      else if (!Array.isArray(parent)) delete (parent as Record<PropertyKey, unknown>)[key];
      else {
        parent[key as number] = DROPPED;
        shortened.add(parent);
      }
    }
    for (const list of shortened) list.splice(0, list.length, ...list.filter((item) => item !== DROPPED));
  }
  return [...changed];
}

/** What stands in for a value of an odd type. Rows keep their places, so that offsets stay true. */
function mended(value: unknown, issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'invalid_type' || value === undefined) return DROPPED;
  const isInList = typeof issue.path.at(-1) === 'number';
  if (isInList && (issue.expected === 'object' || issue.expected === 'record')) return {};
  if (issue.expected === 'string' && value !== null)
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  return issue.expected === 'number' && isNumeric ? Number(value) : DROPPED;
}
