import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { HeyReachError } from '../../client/index.ts';
import { quoteInput } from '../../lib/outside-text.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import type { RequestContext } from '../request-context.ts';
import { errorBodyOf } from './tool-result.ts';

/** A URI can be long. */
const MAX_SUBJECT = 300;

/** The protocol error for a failed read of `subject`, with HeyReach's own message. */
export function toProtocolError(
  subject: string,
  error: HeyReachError,
  { requestId }: Pick<RequestContext, 'requestId'>,
): ProtocolError {
  // A read has no effect that would have to be verified.
  const nextStep = error.outcome === 'unknown' ? 'Nothing was changed. Retry in a moment.' : error.nextStep;
  const requestLine = requestId === undefined ? '' : `\nRequest: ${requestId}`;
  const text = `${quoteInput(subject, MAX_SUBJECT)} could not be read. ${messageOf(error)}\nNext step: ${nextStep}${requestLine}`;
  const body = { ...errorBodyOf(error, nextStep), ...(requestId && { requestId }) };
  return new ProtocolError(ProtocolErrorCode.InternalError, text, { error: body });
}

/** The message of an error, and that it is HeyReach's own where it is. */
export function messageOf({ status, message }: HeyReachError): string {
  return status === undefined ? sanitizeText(message) : `HeyReach said (HTTP ${status}): ${sanitizeText(message)}`;
}
