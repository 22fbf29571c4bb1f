/** Jobs or schools, which HeyReach sends as JSON inside a string; what cannot be read stays as it came. */
export function parseHistory(value: unknown): unknown[] | null {
  if (value == null || value === '') return null;
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return [value];
  }
}
