import { type ErrorKind, errorFromAnswer, HeyReachError } from './errors.ts';
import type { Answer } from './http.ts';

/** Why an exchange ended without an answer. */
export type FaultReason =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'connect_timeout'
  | 'reset'
  | 'garbled'
  | 'timeout'
  | 'too_large'
  | 'invalid'
  | 'cancelled'
  | 'deadline';

/** An exchange that ended without an answer. */
export interface Fault {
  type: 'fault';
  reason: FaultReason;
  /** True from the moment the request was handed to a connected socket: some of it may have been read. */
  bytesLeft: boolean;
  /** The request goes on without its caller (a `once` request is never aborted after its bytes left). */
  inFlight: boolean;
  detail: string;
}

const DESCRIPTIONS: Record<FaultReason, string> = {
  dns: 'the host name of the API could not be resolved',
  refused: 'the connection was refused',
  tls: 'the TLS connection could not be made',
  connect_timeout: 'no connection was made in time',
  reset: 'the connection broke',
  garbled: 'the answer could not be read as HTTP',
  timeout: 'no whole answer came in time',
  too_large: 'the answer was larger than 16 MiB',
  invalid: 'the request cannot be written as it stands',
  cancelled: 'the request was cancelled',
  deadline: 'the time allowed for the call ran out',
};

/** Kinds of error; what is not named is about the connection. */
const KINDS: Partial<Record<FaultReason, ErrorKind>> = {
  cancelled: 'cancelled',
  too_large: 'unreadable_answer',
  invalid: 'invalid_input',
  timeout: 'timeout',
  deadline: 'timeout',
  connect_timeout: 'timeout',
};

const UNSENT_STEPS: Partial<Record<FaultReason, string>> = {
  cancelled: 'Call again when it is wanted.',
  deadline: 'Call again when it is wanted.',
  invalid: 'Check the API key for line breaks and other characters that no header can carry.',
};

/** @returns a plain description, without a full stop. */
export function describeFault(reason: FaultReason): string {
  return DESCRIPTIONS[reason];
}

/** The error that an exchange without an answer becomes once it is not tried again. */
export function errorFromFault(fault: Fault): HeyReachError {
  const message = `${DESCRIPTIONS[fault.reason]}${fault.detail === '' ? '' : ` (${fault.detail})`}`;
  const kind = KINDS[fault.reason] ?? 'connection';
  if (!fault.bytesLeft) {
    return new HeyReachError({
      kind,
      outcome: 'not_sent',
      message,
      meaning: 'The request never left this machine.',
      nextStep: UNSENT_STEPS[fault.reason] ?? 'Check the network and HEYREACH_BASE_URL, then call again.',
    });
  }
  return new HeyReachError({
    kind,
    outcome: 'unknown',
    inFlight: fault.inFlight,
    message,
    meaning: fault.inFlight
      ? 'The request is still on its way to HeyReach and will not be aborted; it may yet be carried out.'
      : 'The request left this machine and its outcome is not known.',
    nextStep: 'Read the state back before trying again.',
  });
}

/**
 * What became of a request that had outlived its caller.
 * @param hide takes the key out of a text.
 * @returns undefined when HeyReach took it.
 */
export function errorOfLate(
  error: HeyReachError,
  ended: Answer | Fault,
  hide: (text: string) => string,
): HeyReachError | undefined {
  if (ended.type === 'fault') return error.asEnded(ended.reason);
  return ended.status >= 200 && ended.status < 300 ? undefined : errorFromAnswer(ended.status, ended.text, { hide });
}
