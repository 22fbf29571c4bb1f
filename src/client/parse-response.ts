import type * as z from 'zod';
import { errorSentenceOf2xx, isFromProxy } from './error-body.ts';
import type { HttpResponse } from './http-types.ts';
import type { Operation } from './operation.ts';
import { errorIn2xx, unreadableResponse } from './response-errors.ts';

/**
 * Reads a 2xx response as the JSON that its operation describes.
 * @param hide replaces secrets that HeyReach may have echoed.
 * @param onUnexpectedFields gets the paths of fields whose type was changed to fit.
 * @throws HeyReachError `unknown` for an empty, broken or wrong body, and for an error in a 2xx of a write.
 */
export function parseResponse<Request, Response>(
  operation: Operation<Request, Response>,
  response: HttpResponse,
  hide: (text: string) => string,
  onUnexpectedFields?: (paths: string[]) => void,
): Response {
  const sentence = errorSentenceOf2xx(response.text, hide);
  if (sentence !== undefined) throw errorIn2xx(response.status, sentence, operation.retry === 'safe');
  const body = parseBody(operation.responseMode, response);
  const paths = operation.response === undefined ? [] : coerceResponse(operation.response(), body);
  if (paths.length > 0) onUnexpectedFields?.(paths);
  return body as Response;
}

function parseBody(responseMode: Operation<unknown, unknown>['responseMode'], { status, text }: HttpResponse): unknown {
  if (responseMode === 'nothing') {
    if (isFromProxy(text)) throw unreadableResponse(status, 'it is a page of a CDN, proxy or firewall');
    return undefined;
  }
  const mayBeEmpty = responseMode === 'anything' || responseMode.startsWith('maybe_');
  if (text.trim() === '') {
    if (mayBeEmpty) return undefined;
    throw unreadableResponse(status, 'the body is empty');
  }
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    // Where HeyReach publishes no response schema, the body may be bare text, such as a new key.
    if (responseMode === 'anything' && !/^\s*[[{"<]/.test(text)) return text.trim();
    throw unreadableResponse(status, 'the body is not JSON, or it is cut off');
  }
  const type = Array.isArray(body) ? 'array' : body === null ? 'null' : typeof body;
  const expected = responseMode.replace('maybe_', '');
  if (expected === 'anything' || type === expected) return body;
  if (mayBeEmpty && type === 'null') return undefined;
  throw unreadableResponse(status, `expected a JSON ${expected}, got ${type === 'null' ? 'null' : `a JSON ${type}`}`);
}

/** HeyReach has no field named `__proto__`. It would set the prototype of every copy of the response. */
function parseJson(text: string): unknown {
  // An underscore can be written as an escape. Almost no response has one of a character below U+0100.
  const mayHaveProto = text.includes('__proto__') || (text.includes('\\u00') && /\\u005f/i.test(text));
  return mayHaveProto
    ? JSON.parse(text, (name, value) => (name === '__proto__' ? undefined : value))
    : JSON.parse(text);
}

const MAX_ROUNDS = 4;
const DROPPED = Symbol('dropped');

/**
 * Makes a value fit a loose schema, in place, so that callers may rely on the types:
 *
 * - A number or boolean becomes a string where the schema has one.
 * - A row of an unexpected type becomes an empty row.
 * - Any other field of an unexpected type is left out.
 *
 * @returns the paths of the changed fields, usually none.
 */
export function coerceResponse(schema: z.ZodType, value: unknown): string[] {
  const changed = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
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
      const replacement = replacementOf((parent as Record<PropertyKey, unknown>)[key], issue);
      if (replacement !== DROPPED) (parent as Record<PropertyKey, unknown>)[key] = replacement;
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

/** Rows keep their places, so that offsets stay true. */
function replacementOf(value: unknown, issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'invalid_type' || value === undefined) return DROPPED;
  const isInList = typeof issue.path.at(-1) === 'number';
  if (isInList && (issue.expected === 'object' || issue.expected === 'record')) return {};
  if (issue.expected === 'string' && value !== null)
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  const isNumeric = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
  return issue.expected === 'number' && isNumeric ? Number(value) : DROPPED;
}
