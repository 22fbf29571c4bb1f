import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseTraceContext, type TraceContext, traceFields } from '../../lib/trace-context.ts';

/** A shorter word, such as Bearer, is not a secret. */
const MIN_SECRET_LENGTH = 8;

/**
 * The request id in logs, errors and the audit log. The client's own `X-Request-Id` is used if it is plain and contains no
 * part of the credentials.
 */
export function requestIdOf(request: IncomingMessage): string {
  const requested = request.headers['x-request-id'];
  if (typeof requested !== 'string' || !/^[\w.-]{8,64}$/.test(requested)) return makeRequestId();
  return containsSecret(requested, request) ? makeRequestId() : requested;
}

/** The trace that the headers name. undefined where they contain a part of the credentials. */
export function traceOf(request: IncomingMessage): TraceContext | undefined {
  const trace = parseTraceContext(request.headers);
  const values = Object.values(traceFields(trace)).filter((value) => value !== undefined);
  return values.some((value) => containsSecret(value, request)) ? undefined : trace;
}

/** Sixteen hexadecimal digits. Node caches random UUIDs, which makes them cheaper than `randomBytes`. */
export function makeRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}

function containsSecret(requestId: string, { headers }: IncomingMessage): boolean {
  const credentials = `${headers['x-api-key'] ?? ''} ${headers.authorization ?? ''}`;
  if (credentials.includes(requestId)) return true;
  return credentials.split(/[\s,]+/).some((secret) => secret.length >= MIN_SECRET_LENGTH && requestId.includes(secret));
}
