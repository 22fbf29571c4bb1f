import type { HttpResult } from '../http-types.ts';
import { describeTransportError } from '../transport-errors.ts';

/** A call that its caller leaves after this long without a response counts like a timeout. */
const SILENT_MS = 10_000;
/** Statuses of gateways whose upstream does not respond. Any other 5xx may be about the request. */
const GATEWAY_STATUSES = new Set([502, 503, 504, 524]);

/** What a finished call shows about HeyReach. */
export type CallResult =
  /** HeyReach responded. */
  | 'ok'
  /** HeyReach could not be reached or did not respond, or a gateway responded for it. */
  | 'outage'
  /** A 5xx of HeyReach's own: an outage, or a payload that it cannot handle. */
  | 'serverError'
  /** The call ended before it showed anything. */
  | 'inconclusive';

/** A finished call as circuits count it. */
export interface ClassifiedCall {
  result: CallResult;
  /** How it failed, in words. */
  failure: string;
}

/** A call that showed nothing. */
export const INCONCLUSIVE: ClassifiedCall = { result: 'inconclusive', failure: '' };

/** What the end of a request shows about HeyReach. @param ms how long the request has taken. */
export function classifyCall(httpResult: HttpResult, ms: number): ClassifiedCall {
  if (httpResult.type === 'response') {
    const { status } = httpResult;
    const failed = GATEWAY_STATUSES.has(status) ? 'outage' : 'serverError';
    return { result: status < 500 ? 'ok' : failed, failure: `HTTP ${status}` };
  }
  const failure = describeTransportError(httpResult.reason);
  switch (httpResult.reason) {
    case 'cancelled':
    case 'deadline':
      return httpResult.requestSent && ms >= SILENT_MS ? { result: 'outage', failure } : INCONCLUSIVE;
    case 'too_large':
      return { result: 'ok', failure };
    case 'invalid':
    case 'late':
      return INCONCLUSIVE;
    default:
      return { result: 'outage', failure };
  }
}
