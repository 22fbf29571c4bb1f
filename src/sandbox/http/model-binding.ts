import { parseDate } from '../time.ts';
import { validationError } from './response.ts';

/** The position of a value: `key` is for attribute errors (Pascal case), `path` for conversion errors (as sent). */
interface FieldPosition {
  key: string;
  path: string;
  errors: Record<string, string[]>;
}

/** Converts a JSON value to a typed value, or adds an error. */
export interface Field<T> {
  read(value: unknown, place: FieldPosition): T | undefined;
  required?: true;
  /** Null differs from a missing property. */
  keepsNull?: true;
}

type Bound<S> = {
  [K in keyof S]: S[K] extends Field<infer T> ? (S[K] extends { required: true } ? T : T | undefined) : never;
};

function addError(place: FieldPosition, key: string, text: string): undefined {
  const list = place.errors[key] ?? [];
  list.push(text);
  place.errors[key] = list;
  return undefined;
}

function addConversionError(place: FieldPosition, value: unknown, type: string): undefined {
  const printed = typeof value === 'object' ? (Array.isArray(value) ? '[]' : '{}') : JSON.stringify(value);
  return addError(place, place.path, `Error converting value ${printed} to type '${type}'. Path '${place.path}'.`);
}

function integerField(min: number, max: number, type: string): Field<number> {
  return {
    read(value, place) {
      if (typeof value === 'string') {
        return addError(place, place.path, `Could not convert string to integer: ${value}. Path '${place.path}'.`);
      }
      if (typeof value !== 'number' || !Number.isInteger(value)) return addConversionError(place, value, type);
      if (value < min || value > max) return addConversionError(place, value, type);
      return value;
    },
  };
}

export const int = integerField(-0x8000_0000, 0x7fff_ffff, 'System.Int32');
export const long = integerField(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'System.Int64');

export const bool: Field<boolean> = {
  read: (value, place) => (typeof value === 'boolean' ? value : addConversionError(place, value, 'System.Boolean')),
};

/** A string with limits on its length. */
export function text(limits: { min?: number; max?: number } = {}): Field<string> {
  return {
    read(value, place) {
      if (typeof value !== 'string') return addConversionError(place, value, 'System.String');
      const name = place.key.split('.').at(-1);
      if (limits.max !== undefined && (value.length > limits.max || value.length < (limits.min ?? 0))) {
        return addError(
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

/** A word of a closed set, in any letter case. */
export function oneOf<const T extends string>(words: readonly T[], type: string): Field<T> {
  return {
    read(value, place) {
      const match = words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase());
      return match ?? addConversionError(place, value, `Spremo.DTOs.PublicApi.${type}`);
    },
  };
}

/** A moment, in epoch milliseconds. */
export const date: Field<number> = {
  read(value, place) {
    const ms = typeof value === 'string' ? parseDate(value) : Number.NaN;
    if (!Number.isNaN(ms)) return ms;
    return addError(place, place.path, `Could not convert string to DateTime: ${String(value)}. Path '${place.path}'.`);
  },
};

/** Any JSON value. The handler reads it. */
export const anything: Field<unknown> = { read: (value) => value };

export function array<T>(of: Field<T>, limits: { min?: number; max?: number } = {}): Field<T[]> {
  return {
    read(value, place) {
      if (!Array.isArray(value)) {
        return addConversionError(place, value, 'System.Collections.Generic.List`1');
      }
      if (limits.min !== undefined && value.length < limits.min) {
        const sentence = `must be a string or array type with a minimum length of '${limits.min}'.`;
        return addError(place, place.key, `The field ${place.key} ${sentence}`);
      }
      if (limits.max !== undefined && value.length > limits.max) {
        const sentence = `must be a string or array type with a maximum length of '${limits.max}'.`;
        return addError(place, place.key, `The field ${place.key} ${sentence}`);
      }
      return value.flatMap((item: unknown, i) => {
        const at = { key: `${place.key}[${i}]`, path: `${place.path}[${i}]`, errors: place.errors };
        if (item === null) return addConversionError(at, 'null', 'item') ?? [];
        const read = of.read(item, at);
        return read === undefined ? [] : [read];
      });
    },
  };
}

export function required<T>(field: Field<T>): Field<T> & { required: true } {
  return { ...field, required: true };
}

/** Keeps null apart from a missing property. */
export function nullable<T>(field: Field<T>): Field<T | null> {
  return { keepsNull: true, read: (value, place) => (value === null ? null : field.read(value, place)) };
}

/** An object. Property names bind in any letter case, unknown names are ignored. */
export function object<S extends Record<string, Field<unknown>>>(spec: S): Field<Bound<S>> {
  return {
    read(value, place) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        return addConversionError(place, value, 'System.Object');
      }
      const properties = new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item as unknown]));
      const result: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(spec)) {
        const pascal = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const key = place.key === '' ? pascal : `${place.key}.${pascal}`;
        const path = place.path === '' ? name : `${place.path}.${name}`;
        const item = properties.get(name.toLowerCase());
        if (item === undefined || (item === null && !field.keepsNull)) {
          if (field.required) addError(place, key, `The ${pascal} field is required.`);
          continue;
        }
        result[name] = field.read(item, { key, path, errors: place.errors });
      }
      return result as Bound<S>;
    },
  };
}

/** Binds a request body. @throws ApiError with the framework's validation problem. */
export function bind<S extends Record<string, Field<unknown>>>(body: unknown, spec: S): Bound<S> {
  const errors: Record<string, string[]> = {};
  const bound = object(spec).read(body, { key: '', path: '', errors });
  if (bound === undefined || Object.keys(errors).length > 0) throw validationError(errors);
  return bound;
}

/** `offset` and `limit` of most collections. */
export const paging = { offset: int, limit: int };

/** The requested page. @throws ApiError when it is out of bounds. */
export function readPage(
  input: { offset?: number | undefined; limit?: number | undefined },
  cap = 100,
  fallback = 10,
): { offset: number; limit: number } {
  const { offset = 0, limit = fallback } = input;
  if (limit < 1 || limit > cap) throw validationError({ Limit: [`Limit must be between 1 and ${cap}`] });
  if (offset < 0) throw validationError({ Offset: ['Offset must be greater than or equal to 0'] });
  return { offset, limit };
}
