import { parseTraceContext, traceFields } from '../../lib/trace-context.ts';
import { childLog } from '../../observability/log.ts';
import type { RequestContext } from '../request-context.ts';

/**
 * The context of a request in the trace that its `_meta` names (SEP-414). Without one, the trace of the HTTP header stays.
 * A trace that holds the caller's key is ignored, since log and audit log show it.
 */
export function inTrace(context: RequestContext, meta: { [name: string]: unknown } | undefined): RequestContext {
  const trace = parseTraceContext(meta);
  if (trace === undefined) return context;
  const fields = traceFields(trace);
  const text = Object.values(fields).join(' ');
  const clients = [context.client, context.organization].filter((client) => client !== undefined);
  if (clients.some((client) => client.hideKey(text) !== text)) return context;
  return { ...context, trace, log: childLog(context.log, fields) };
}
