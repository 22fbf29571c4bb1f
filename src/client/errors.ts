/** Whether a failed call may have changed anything at HeyReach. Known for certain, never guessed. */
export type Outcome =
  /** Rejected before or during connection: no byte of the request left this machine. */
  | 'not_sent'
  /** HeyReach rejected the request (3xx, 4xx, a last 429): it did nothing. */
  | 'refused'
  /** 5xx, timeout, reset, or a response that cannot be read: HeyReach may have carried the request out. */
  | 'unknown';

/** What kind of failure it is, for programs. It is public as `error.kind`. */
export type ErrorKind =
  | 'no_key'
  | 'invalid_input'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'bad_request'
  | 'rate_limited'
  | 'queue_full'
  | 'outage'
  | 'redirect'
  | 'server_error'
  | 'timeout'
  | 'connection'
  | 'unreadable_answer'
  | 'cancelled'
  | 'repeated'
  | 'too_many_sends'
  | 'changed'
  | 'busy'
  | 'journal_unwritable'
  | 'not_checked'
  | 'target_changed'
  | 'draft_mode'
  | 'store_unavailable';

/** The parts of a HeyReachError. */
export interface HeyReachErrorDetails {
  kind: ErrorKind;
  /** HeyReach's own sentence where the response has one, else a plain description of the error. */
  message: string;
  outcome: Outcome;
  /** HTTP status, if HeyReach responded. */
  status?: number | undefined;
  /** What the failure means, in one sentence. */
  meaning: string;
  /** What the caller can do about it, in one sentence. */
  nextStep: string;
  retryAfterSeconds?: number | undefined;
  /** The request is in flight: its response may come later, and it may yet be carried out. */
  inFlight?: boolean;
  /** Reads of the same call were answered before the error, so a text must not say that nothing was sent. */
  afterReads?: boolean;
  /** An earlier attempt of this write has an unknown outcome. HeyReach may reject this one because that attempt succeeded. */
  afterUnclearAttempt?: boolean;
}

/** A call to HeyReach that did not succeed. */
export class HeyReachError extends Error {
  readonly kind: ErrorKind;
  readonly outcome: Outcome;
  readonly status: number | undefined;
  readonly meaning: string;
  readonly nextStep: string;
  readonly retryAfterSeconds: number | undefined;
  readonly inFlight: boolean;
  readonly afterUnclearAttempt: boolean;
  readonly afterReads: boolean;

  constructor(details: HeyReachErrorDetails) {
    super(details.message);
    this.name = 'HeyReachError';
    this.kind = details.kind;
    this.outcome = details.outcome;
    this.status = details.status;
    this.meaning = details.meaning;
    this.nextStep = details.nextStep;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.inFlight = details.inFlight ?? false;
    this.afterUnclearAttempt = details.afterUnclearAttempt ?? false;
    this.afterReads = details.afterReads ?? false;
  }

  /** A copy of this error with other details. */
  #with(changes: Partial<HeyReachErrorDetails>): HeyReachError {
    const { kind, message, outcome, status, meaning, nextStep, retryAfterSeconds, afterReads } = this;
    return new HeyReachError({
      ...{ kind, message, outcome, status, meaning, nextStep, retryAfterSeconds, afterReads },
      ...changes,
    });
  }

  /** The error of a write whose preparatory read failed. The write was not sent. */
  asNotSent(): HeyReachError {
    if (this.outcome !== 'unknown') return this;
    return this.#with({
      outcome: 'not_sent',
      meaning: 'The current state could not be read first, so nothing was changed.',
      nextStep: 'Call again in a moment.',
    });
  }

  /** The same error of a call whose earlier requests only read. */
  asAfterReads(): HeyReachError {
    return this.outcome === 'not_sent' ? this.#with({ afterReads: true }) : this;
  }

  /** The error of a request that ran on without its caller and ended without a response. */
  asEnded(reason: string): HeyReachError {
    return this.#with({
      outcome: 'unknown',
      message: `${this.message}; it ended later: ${reason}`,
      meaning: 'The request has ended without a response. It may or may not have been carried out.',
    });
  }

  /** The same failure where an earlier attempt may have been carried out, and no read can show it. */
  asUnknown(): HeyReachError {
    return this.#with({
      outcome: 'unknown',
      retryAfterSeconds: undefined,
      meaning: 'An earlier attempt of this call got no response, so it may have been carried out.',
      nextStep: READ_BACK,
    });
  }

  /** The same 429 with other seconds to wait. */
  withRetryAfter(retryAfterSeconds: number | undefined): HeyReachError {
    return this.#with({ retryAfterSeconds, nextStep: retryIn(retryAfterSeconds) });
  }

  /** The same failure of a write that an attempt with an unknown outcome preceded. */
  afterUnclear(): HeyReachError {
    return this.#with({ inFlight: this.inFlight, afterUnclearAttempt: true });
  }
}

/** The next step after an unknown outcome. */
export const READ_BACK = 'Read the state back before trying again.';

/** The next step after a 429. */
export function retryIn(seconds = 60): string {
  return `Try again in ${seconds} s.`;
}

/** Real keys are longer. A shorter test value is an ordinary word, which must not be replaced. */
const MIN_KEY_LENGTH = 12;

/** Replaces the key in a text. */
export function hideKey(text: string, key: string): string {
  return key.length < MIN_KEY_LENGTH ? text : text.replaceAll(key, '[key]');
}

/** Whether HeyReach says in words that it does not know what a request names. A bare 404 can also be a missing route. */
export function saysNotFound({ kind, status, message }: HeyReachError): boolean {
  if (kind === 'not_found') return !message.startsWith('HTTP 404');
  return kind === 'bad_request' && status === 400 && /resolve|not found/i.test(message);
}
