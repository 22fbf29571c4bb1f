import { empty, Refusal, refuseText } from '../http/reply.ts';

/** An object's properties by lower-cased name: they bind in any letter case. */
export function properties(value: unknown, type: string, path: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unconvertible(value, type, path);
  return new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item as unknown]));
}

/** The serialiser's own text about a value of a wrong type. */
export function unconvertible(value: unknown, type: string, path: string): Refusal {
  const shown = typeof value === 'object' && value !== null ? 'object' : JSON.stringify(value);
  return refuseText(
    `Error converting value ${shown} to type 'Spremo.DTOs.PublicApi.Campaigns.${type}'. Path '${path}'.`,
  );
}

/** The answer to a payload that makes the live service fall over. */
export function fallOver(): Refusal {
  return new Refusal(empty(500));
}
