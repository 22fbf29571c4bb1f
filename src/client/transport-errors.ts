import { errorSentenceOf2xx } from './error-body.ts';
import { type ErrorKind, HeyReachError } from './errors.ts';
import type { HttpResult, TransportError, TransportErrorReason } from './http-types.ts';
import { errorFromResponse, errorIn2xx } from './response-errors.ts';

const DESCRIPTIONS: Record<TransportErrorReason, string> = {
  dns: 'the host name of the API could not be resolved',
  refused: 'the connection was refused',
  tls: 'the TLS connection could not be made',
  connect_timeout: 'no connection was made in time',
  reset: 'the connection broke',
  garbled: 'the response could not be read as HTTP',
  timeout: 'no complete response came in time',
  too_large: 'the response was larger than 16 MiB',
  invalid: 'the request cannot be written as HTTP',
  late: 'the server was held up between its last check and the request',
  cancelled: 'the request was cancelled',
  deadline: 'the deadline of the call has passed',
};

/** All other reasons are of the kind `connection`. */
const KINDS: Partial<Record<TransportErrorReason, ErrorKind>> = {
  cancelled: 'cancelled',
  too_large: 'unreadable_answer',
  invalid: 'invalid_input',
  timeout: 'timeout',
  late: 'timeout',
  deadline: 'timeout',
  connect_timeout: 'timeout',
};

const UNSENT_STEPS: Partial<Record<TransportErrorReason, string>> = {
  cancelled: 'Call again if you still need the result.',
  deadline: 'Call again, with fewer items if the tool takes several.',
  late: 'Call again. If it happens often, the server or its network is too slow.',
  invalid: 'Check the API key for line breaks and other characters that are not allowed in a header.',
};

/** @returns a plain description, without a full stop. */
export function describeTransportError(reason: TransportErrorReason): string {
  return DESCRIPTIONS[reason];
}

/** The error for a request without a response. */
export function errorFromTransport(error: TransportError): HeyReachError {
  const message = `${DESCRIPTIONS[error.reason]}${error.detail === '' ? '' : ` (${error.detail})`}`;
  const kind = KINDS[error.reason] ?? 'connection';
  if (!error.requestSent) {
    return new HeyReachError({
      kind,
      outcome: 'not_sent',
      message,
      meaning: 'The request never left this machine.',
      nextStep: UNSENT_STEPS[error.reason] ?? 'Check the network and HEYREACH_BASE_URL, then call again.',
    });
  }
  return new HeyReachError({
    kind,
    outcome: 'unknown',
    inFlight: error.inFlight,
    message,
    meaning: error.inFlight
      ? 'The request is still in flight and is not aborted. It may still be carried out.'
      : 'The request left this machine, and its outcome is unknown.',
    nextStep: 'Read the state back before trying again.',
  });
}

/**
 * The error of a request that ran on after its caller had left.
 * @param hide replaces the key in a text.
 * @returns undefined if HeyReach accepted the request.
 */
export function errorFromDetachedResult(
  error: HeyReachError,
  result: HttpResult,
  hide: (text: string) => string,
): HeyReachError | undefined {
  if (result.type === 'error') return error.asEnded(result.reason);
  const { status, text } = result;
  if (status < 200 || status >= 300) return errorFromResponse(status, text, { hide });
  const sentence = errorSentenceOf2xx(text, hide);
  return sentence === undefined ? undefined : errorIn2xx(status, sentence, false);
}
