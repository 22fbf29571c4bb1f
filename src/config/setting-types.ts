import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { closestMatch } from '../lib/closest-match.ts';
import { isLoopback, normalizeHost } from '../lib/hostnames.ts';

/** One setting: its flag, its variable, its parser, and the description that help and docs print. */
export interface Setting<Value> {
  flag?: string;
  /** The value's name in the help. A flag without a placeholder is a switch. */
  placeholder?: string;
  variable?: string;
  fallback: string;
  /** Replaces the fallback in help and docs. */
  shownFallback?: string;
  transport?: 'stdio' | 'http';
  secret?: boolean;
  /** For tests only: not in the help and the docs. */
  hidden?: boolean;
  meaning: string;
  read: z.ZodType<Value, string>;
}

/** A setting names something unusable. The program ends as for an invalid value, with exit code 2. */
export class ConfigError extends Error {}

/** Types a setting, and infers the type of its value. */
export const setting = <Value>(definition: Setting<Value>): Setting<Value> => definition;

/** One of the listed words. */
export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A whole number in decimal digits: coercion alone would accept `1e3`, `0x10` and an empty text. */
export const integer = (min: number, max: number) =>
  z.string().transform((value, context) => readInteger(value, min, max, context));
/** A whole number, or undefined for an empty text. */
export const optionalInteger = (min: number, max: number) =>
  z.string().transform((value, context) => (value === '' ? undefined : readInteger(value, min, max, context)));

function readInteger(value: string, min: number, max: number, context: z.RefinementCtx): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  context.addIssue({ code: 'custom', message: `must be a whole number from ${min} to ${max}` });
  return z.NEVER;
}

/** A switch. Empty is off. */
export const boolean = z.stringbool({
  truthy: ['1', 'true', 'yes', 'on'],
  falsy: ['0', 'false', 'no', 'off', ''],
  error: 'must be 1 or 0',
});
/** Comma-separated words. */
const words = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);
/** Comma-separated names of a closed set. */
export const oneOfNames = (kind: string, names: readonly string[]) =>
  words.superRefine((requested, context) => {
    for (const name of requested) {
      if (names.includes(name)) continue;
      const closest = closestMatch(name, names);
      const hint = closest === undefined ? `known: ${names.join(', ')}` : `did you mean ${closest}?`;
      context.addIssue({ code: 'custom', message: `contains an unknown ${kind}: ${name} (${hint})` });
    }
  });
/** Maps comma-separated words. A word that maps to undefined makes the setting invalid. */
const wordsAs = (map: (word: string) => string | undefined, error: string) =>
  words.transform((list, context) =>
    list.map((word) => {
      const value = map(word);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    }),
  );
const parseUrl = (text: string) => (URL.canParse(text) ? new URL(text) : undefined);
/** Scheme and host of an API. Plain http is for loopback only. */
export const origin = z.string().transform((value, context) => {
  const url = parseUrl(value);
  const isBare = url !== undefined && url.pathname === '/' && url.search === '' && url.username === '';
  if (!isBare || !/^https?:$/.test(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'must be scheme and host, such as https://api.heyreach.io' });
    return z.NEVER;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue({ code: 'custom', message: 'must be https: over http the key would be sent unencrypted' });
    return z.NEVER;
  }
  return url.origin;
});
/** The URL of a Redis, or undefined for an empty text. */
export const redisUrl = z.string().transform((value, context) => {
  if (value === '' || /^rediss?:$/.test(parseUrl(value)?.protocol ?? '')) return value || undefined;
  context.addIssue({ code: 'custom', message: 'must be a URL such as rediss://user:password@redis.example.com:6379' });
  return z.NEVER;
});
/**
 * A URL that others compare as text, or undefined for an empty text. Plain http is for loopback only: tokens would be sent
 * unencrypted.
 */
export const optionalUrl = z.string().transform((value, context) => {
  if (value === '') return undefined;
  const url = parseUrl(value);
  const isPlain = url !== undefined && url.search === '' && url.hash === '' && url.username === '';
  if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) return value;
  context.addIssue({ code: 'custom', message: 'must be a URL with https, such as https://login.example.com' });
  return z.NEVER;
});
/** One OAuth scope for each mode. */
export const scopes = words.superRefine((names, context) => {
  const isValid =
    names.length === 3 && new Set(names).size === 3 && names.every((name) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name));
  if (!isValid) context.addIssue({ code: 'custom', message: 'must be three different scopes: read-only, draft, full' });
});
/** Comma-separated host names or addresses, as the URLs of clients spell them. */
export const hosts = wordsAs(normalizeHost, 'must be host names or addresses alone, such as mcp.example.com');
/** Comma-separated origins, as browsers spell them. */
export const origins = wordsAs((word) => {
  const url = parseUrl(word);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/` ? url.origin : undefined;
}, 'must be origins, such as https://app.example.com');
/** Any text, or undefined for an empty one. */
export const optional = z.string().transform((value) => value || undefined);
/**
 * A path, or undefined for an empty text. `~` is the home directory: a shell expands it only at the start of a word, and no
 * shell reads the configuration of a client.
 */
export const optionalPath = z.string().transform((value, context) => {
  if (value === '') return undefined;
  if (/^~[^/]|\$\{/.test(value)) {
    context.addIssue({ code: 'custom', message: 'must be a whole path, or start with ~/' });
    return z.NEVER;
  }
  return value.startsWith('~') ? join(homedir(), value.slice(1)) : value;
});
/** An API key, or undefined for an empty text. `load-config.ts` checks it, because the sandbox accepts any. */
export const key = z.string().transform((value) => value.trim() || undefined);
