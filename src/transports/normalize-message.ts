import { isRecord } from '../lib/json.ts';
import { keepPrototypeKey } from '../mcp/arguments/normalize-input.ts';

/** The members of `_meta` that a server reads. Clients add others of their own. */
const READ_META = /^((?:progressToken|traceparent|tracestate)$|io\.modelcontextprotocol\/)/;
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/**
 * Corrects a message before the SDK reads it:
 * - null counts as left out, in `params` and at every depth in it. A tool reads the nulls in its arguments itself.
 * - A tool parameter named `__proto__` is kept, so that the tool rejects it. The SDK would drop it silently.
 * - What no server reads of `_meta` and of the capabilities is dropped. The SDK would spend time on it.
 */
export function normalizeMessage(message: unknown): unknown {
  if (!isRecord(message)) return message;
  if (typeof message.method !== 'string') return normalizeResponse(message);
  const { params, ...rest } = message;
  if (params === undefined) return message;
  if (params === null) return rest;
  const isCall = message.method === 'tools/call';
  const normalized = mapMembers(params, (name, item) => {
    if (name === '_meta') return normalizeMeta(item);
    if (name === 'capabilities') return normalizeCapabilities(item);
    if (name !== 'arguments' || !isCall) return withoutNulls(item);
    return isRecord(item) ? keepPrototypeKey(item) : (item ?? undefined);
  });
  return normalized === params ? message : { ...rest, params: normalized };
}

/** Some JSON-RPC libraries write both `result` and `error`, one of them as null. */
function normalizeResponse(message: Record<string, unknown>): unknown {
  const { result, error, ...rest } = message;
  if (error !== undefined && error !== null) return result === null ? { ...rest, error } : message;
  if (result === undefined) return message;
  return { ...rest, result: withoutNulls(result) ?? {} };
}

function normalizeMeta(meta: unknown): unknown {
  if (meta === null) return undefined;
  return mapMembers(meta, (name, item) => {
    if (name === CAPABILITIES) return normalizeCapabilities(item);
    return READ_META.test(name) ? withoutNulls(item) : undefined;
  });
}

/** The protocol requires capabilities, and they may be empty. */
function normalizeCapabilities(capabilities: unknown): unknown {
  if (capabilities === null) return {};
  return mapMembers(capabilities, (name, item) => (name === 'experimental' ? undefined : withoutNulls(item)));
}

function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  return mapMembers(value, (_, item) => withoutNulls(item));
}

/**
 * Maps the members of an object, and leaves out those that become undefined. Any other value stays as it is.
 * @returns the same value where no member changes.
 */
function mapMembers(value: unknown, map: (name: string, item: unknown) => unknown): unknown {
  if (!isRecord(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [name, item] of Object.entries(value)) {
    const mapped = map(name, item);
    if (mapped === item) continue;
    copy ??= { ...value };
    if (mapped === undefined) delete copy[name];
    else copy[name] = mapped;
  }
  return copy ?? value;
}

/** What is wrong with the parameters of a normalized message, where the SDK would reject the message without a reason. */
export function findParamsProblem({ params }: Record<string, unknown>): string | undefined {
  if (params === undefined) return undefined;
  if (!isRecord(params)) return 'params must be an object';
  const { _meta: meta } = params;
  if (meta === undefined) return undefined;
  if (!isRecord(meta)) return 'params._meta must be an object';
  const { progressToken: token } = meta;
  if (token === undefined || typeof token === 'string' || Number.isSafeInteger(token)) return undefined;
  return 'params._meta.progressToken must be a text or a whole number';
}

/** The message of a -32602 error. */
export function describeInvalidParams(problem: string): string {
  return `Invalid params: ${problem}. Nothing was done.`;
}
