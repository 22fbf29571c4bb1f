/** The trace that a request belongs to, by W3C Trace Context. */
export interface TraceContext {
  traceId: string;
  /** The span of the caller. */
  spanId: string;
  /** What vendors add. undefined where it is missing or malformed. */
  tracestate: string | undefined;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const PRINTABLE = /^[\x20-\x7e]*$/;
const MAX_MEMBERS = 32;
const MAX_STATE_LENGTH = 512;
const STATE_MEMBER =
  /^([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Reads `traceparent` and `tracestate`. @returns undefined where there is no valid `traceparent`. */
export function parseTraceContext(source: { [name: string]: unknown } | undefined): TraceContext | undefined {
  const { traceparent, tracestate } = source ?? {};
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId, spanId, rest] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined) return undefined;
  // Version ff is forbidden, and only later versions than 00 may have further fields.
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, tracestate: isTracestate(tracestate) ? tracestate : undefined };
}

function isTracestate(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > MAX_STATE_LENGTH || !PRINTABLE.test(text)) return false;
  const members = text.split(',').map((member) => member.trim());
  const keys = members.filter((member) => member !== '').map((member) => STATE_MEMBER.exec(member)?.[1]);
  return (
    keys.length > 0 && keys.length <= MAX_MEMBERS && !keys.includes(undefined) && new Set(keys).size === keys.length
  );
}

/** The fields of a trace in the log and the audit log, with the names that OpenTelemetry gives them. */
export function traceFields(trace: TraceContext | undefined): Record<string, string | undefined> {
  return trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId, tracestate: trace.tracestate };
}
