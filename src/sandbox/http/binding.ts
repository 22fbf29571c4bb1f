import { parseDate } from '../time.ts';
import { invalid } from './reply.ts';

/** Where a value stands: `key` names it in attribute errors (Pascal case), `path` in conversion errors (as sent). */
interface Place {
  key: string;
  path: string;
  errors: Record<string, string[]>;
}

/** Reads one JSON value into a typed one, or notes why it cannot. */
export interface Field<T> {
  read(value: unknown, place: Place): T | undefined;
  required?: true;
  /** Null is a value of its own, not the same as leaving the property out. */
  keepsNull?: true;
}

type Bound<S> = {
  [K in keyof S]: S[K] extends Field<infer T> ? (S[K] extends { required: true } ? T : T | undefined) : never;
};

function note(place: Place, key: string, text: string): undefined {
  const list = place.errors[key] ?? [];
  list.push(text);
  place.errors[key] = list;
  return undefined;
}

function unconvertible(place: Place, value: unknown, type: string): undefined {
  const shown = typeof value === 'object' ? (Array.isArray(value) ? '[]' : '{}') : JSON.stringify(value);
  return note(place, place.path, `Error converting value ${shown} to type '${type}'. Path '${place.path}'.`);
}

function integerField(min: number, max: number, type: string): Field<number> {
  return {
    read(value, place) {
      if (typeof value === 'string') {
        return note(place, place.path, `Could not convert string to integer: ${value}. Path '${place.path}'.`);
      }
      if (typeof value !== 'number' || !Number.isInteger(value)) return unconvertible(place, value, type);
      if (value < min || value > max) return unconvertible(place, value, type);
      return value;
    },
  };
}

export const int = integerField(-0x8000_0000, 0x7fff_ffff, 'System.Int32');
export const long = integerField(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'System.Int64');

export const bool: Field<boolean> = {
  read: (value, place) => (typeof value === 'boolean' ? value : unconvertible(place, value, 'System.Boolean')),
};

/** A string, with the length the API allows. */
export function text(limits: { min?: number; max?: number } = {}): Field<string> {
  return {
    read(value, place) {
      if (typeof value !== 'string') return unconvertible(place, value, 'System.String');
      const name = place.key.split('.').at(-1);
      if (limits.max !== undefined && (value.length > limits.max || value.length < (limits.min ?? 0))) {
        return note(
          place,
          place.key,
          limits.min === undefined
            ? `The field ${name} must be a string with a maximum length of ${limits.max}.`
            : `The field ${name} must be a string with a minimum length of ${limits.min} and a maximum length of ${limits.max}.`,
        );
      }
      return value;
    },
  };
}

/** One word of a closed set. */
export function oneOf<const T extends string>(words: readonly T[], type: string): Field<T> {
  return {
    read(value, place) {
      const found = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase());
      return found ?? unconvertible(place, value, `Spremo.DTOs.PublicApi.${type}`);
    },
  };
}

/** A moment, in epoch milliseconds. */
export const date: Field<number> = {
  read(value, place) {
    const ms = typeof value === 'string' ? parseDate(value) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    return note(place, place.path, `Could not convert string to DateTime: ${String(value)}. Path '${place.path}'.`);
  },
};

/** Any JSON value, read later. */
export const anything: Field<unknown> = { read: (value) => value };

export function array<T>(of: Field<T>, limits: { min?: number; max?: number } = {}): Field<T[]> {
  return {
    read(value, place) {
      if (!Array.isArray(value)) {
        return unconvertible(place, value, 'System.Collections.Generic.List`1');
      }
      if (limits.min !== undefined && value.length < limits.min) {
        const sentence = `must be a string or array type with a minimum length of '${limits.min}'.`;
        return note(place, place.key, `The field ${place.key} ${sentence}`);
      }
      if (limits.max !== undefined && value.length > limits.max) {
        const sentence = `must be a string or array type with a maximum length of '${limits.max}'.`;
        return note(place, place.key, `The field ${place.key} ${sentence}`);
      }
      return value.flatMap((item: unknown, i) => {
        const at = { key: `${place.key}[${i}]`, path: `${place.path}[${i}]`, errors: place.errors };
        if (item === null) return unconvertible(at, 'null', 'item') ?? [];
        const read = of.read(item, at);
        return read === undefined ? [] : [read];
      });
    },
  };
}

export function required<T>(field: Field<T>): Field<T> & { required: true } {
  return { ...field, required: true };
}

/** Tells null and missing apart. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return { keepsNull: true, read: (value, place) => (value === null ? null : field.read(value, place)) };
}

/** An object: names bind in any letter case, unknown ones are ignored without a word. */
export function object<S extends Record<string, Field<unknown>>>(spec: S): Field<Bound<S>> {
  return {
    read(value, place) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return unconvertible(place, value, 'System.Object');
      }
      const given = new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item as unknown]));
      const result: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(spec)) {
        const pascal = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const key = place.key === '' ? pascal : `${place.key}.${pascal}`;
        const path = place.path === '' ? name : `${place.path}.${name}`;
        const item = given.get(name.toLowerCase());
        if (item === undefined || (item === null && !field.keepsNull)) {
          if (field.required) note(place, key, `The ${pascal} field is required.`);
          continue;
        }
        result[name] = field.read(item, { key, path, errors: place.errors });
      }
      return result as Bound<S>;
    },
  };
}

/** Binds a request body, or refuses with the framework's validation problem. */
export function bind<S extends Record<string, Field<unknown>>>(body: unknown, spec: S): Bound<S> {
  const errors: Record<string, string[]> = {};
  const bound = object(spec).read(body, { key: '', path: '', errors });
  if (bound === undefined || Object.keys(errors).length > 0) throw invalid(errors);
  return bound;
}

/** `offset` and `limit` as most collections take them. */
export const paging = { offset: int, limit: int };

/** The page asked for, or the API's refusal. */
export function page(
  input: { offset?: number | undefined; limit?: number | undefined },
  cap = 100,
  fallback = 10,
): { offset: number; limit: number } {
  const { offset = 0, limit = fallback } = input;
  if (limit < 1 || limit > cap) throw invalid({ Limit: [`Limit must be between 1 and ${cap}`] });
  if (offset < 0) throw invalid({ Offset: ['Offset must be greater than or equal to 0'] });
  return { offset, limit };
}
