import { z } from 'zod';
import { isLoopback, spellHost } from './host.ts';
import { nearest } from './tools/nearest.ts';

/** One setting: its flag, its variable, how its text is read, and the line of help that also stands in the README. */
export interface Setting<Value> {
  flag?: string;
  /** What stands for the value in the help; a flag without one is a switch. */
  placeholder?: string;
  variable?: string;
  fallback: string;
  /** How the fallback is shown, where the text itself would not say it. */
  shownFallback?: string;
  transport?: 'stdio' | 'http';
  secret?: boolean;
  meaning: string;
  read: z.ZodType<Value, string>;
}

/** What a setting names cannot be used: the program ends as it does for a bad value. */
export class SetupFault extends Error {}

/** Defines a setting. The identity function: the types demand what every setting has to say. */
export function setting<Value>(made: Setting<Value>): Setting<Value> {
  return made;
}

/** One of a few words. */
export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A whole number within bounds. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
/** A whole number within bounds, or none. */
export const wholeOrNone = (min: number, max: number) =>
  z.union([z.literal('').transform(() => undefined), whole(min, max)], {
    error: `must be a whole number from ${min} to ${max}`,
  });
/** A switch. */
export const onOff = z.string().transform((value, context) => {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off|)$/i.test(value)) return false;
  context.addIssue({ code: 'custom', message: 'must be 1 or 0' });
  return z.NEVER;
});
/** Words between commas. */
const words = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);
/** Words between commas, each of which has to be known; an unknown one is answered with the nearest. */
export const known = (what: string, names: readonly string[]) =>
  words.superRefine((given, context) => {
    for (const word of given) {
      if (names.includes(word)) continue;
      const meant = nearest(word, names);
      const hint = meant === undefined ? `known: ${names.join(', ')}` : `did you mean ${meant}?`;
      context.addIssue({ code: 'custom', message: `names an unknown ${what}, ${word} (${hint})` });
    }
  });
/** Scheme and host of an API; plain http only to loopback. */
export const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const bare = url !== undefined && url.pathname === '/' && url.search === '' && url.username === '';
  if (!bare || !/^https?:$/.test(url.protocol)) {
    context.addIssue({ code: 'custom', message: 'must be scheme and host, such as https://api.heyreach.io' });
    return z.NEVER;
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    context.addIssue({ code: 'custom', message: 'must be https: the key would travel in the clear' });
    return z.NEVER;
  }
  return url.origin;
});
/** Names or addresses of hosts between commas, as they stand in the URLs of clients. */
export const hosts = words.transform((given, context) =>
  given.map((word) => {
    const host = spellHost(word);
    if (host !== undefined) return host;
    context.addIssue({ code: 'custom', message: 'must be host names or addresses alone, such as mcp.example.com' });
    return z.NEVER;
  }),
);
/** Origins between commas, as browsers spell them. */
export const origins = words.transform((given, context) =>
  given.map((word) => {
    const url = URL.canParse(word) ? new URL(word) : undefined;
    if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
    context.addIssue({ code: 'custom', message: 'must be origins, such as https://app.example.com' });
    return z.NEVER;
  }),
);
/** A text that may be a path or a secret; none when it is empty. */
export const optional = z.string().transform((value) => value || undefined);
/** An API key: any printable characters, none when it is empty. */
export const key = z
  .string()
  .regex(/^\s*[\x21-\x7e]*\s*$/, 'holds characters that no key has')
  .transform((value) => value.trim() || undefined);
