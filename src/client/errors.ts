/** Whether a call that failed may have changed anything at HeyReach. Never guessed from one into another. */
export type Outcome =
  /** Refused here or on the way: no byte of the request left this machine. */
  | 'not_sent'
  /** HeyReach answered no (3xx, 4xx, a last 429): nothing was done. */
  | 'refused'
  /** 5xx, timeout, reset, or an answer that cannot be read: it may have been done. */
  | 'unknown';

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
  | 'changed';

export interface HeyReachErrorDetails {
  kind: ErrorKind;
  /** HeyReach's own sentence where it gave one, else a plain description of the fault. */
  message: string;
  outcome: Outcome;
  /** HTTP status, where there was one. */
  status?: number | undefined;
  /** What the failure means, in one sentence. */
  meaning: string;
  /** What the caller can do about it, in one sentence. */
  nextStep: string;
  retryAfterSeconds?: number | undefined;
  /** The request is still on its way: its answer may come later, and nothing may be concluded yet. */
  inFlight?: boolean;
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
  /** An earlier attempt of the same write ended unclear, so this refusal may be the echo of its success. */
  afterUnclearAttempt = false;

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
  }

  /** The failure of a read that had to come before a write, which was therefore never sent: nothing about it is unclear. */
  asNotSent(): HeyReachError {
    if (this.outcome !== 'unknown') return this;
    return new HeyReachError({
      kind: this.kind,
      status: this.status,
      outcome: 'not_sent',
      message: this.message,
      retryAfterSeconds: this.retryAfterSeconds,
      meaning: 'The present state could not be read first, so nothing was changed.',
      nextStep: 'Call again in a moment.',
    });
  }

  /** The same failure of a request that went on without its caller and ended without an answer. */
  asEnded(reason: string): HeyReachError {
    const { kind, nextStep } = this;
    return new HeyReachError({
      kind,
      outcome: 'unknown',
      message: `${this.message}; it ended later: ${reason}`,
      meaning: 'The request has ended without an answer; it may or may not have been carried out.',
      nextStep,
    });
  }

  /** The same failure where an earlier attempt may have been carried out after all, and nothing can tell. */
  asUnknown(): HeyReachError {
    return new HeyReachError({
      kind: this.kind,
      status: this.status,
      outcome: 'unknown',
      message: this.message,
      meaning: 'An earlier attempt of this call was left without an answer, so it may have been done all the same.',
      nextStep: 'Read the state back before trying again.',
    });
  }
}

const CLIP = 1_000;

/**
 * The sentence in an error body, whatever its shape: `{errorMessage}`, an ASP.NET problem with an `errors` map, `detail`,
 * `message`, `title`, or bare text. Bodies are read as text first because HeyReach answers 401 with plain text.
 * @param hide takes out what must not be shown, should it have been echoed.
 * @returns the sentence, clipped at 1,000 characters, or undefined when the body says nothing.
 */
export function readErrorSentence(body: string, hide = (text: string) => text): string | undefined {
  const found = findSentence(body.trim());
  return found === undefined ? undefined : hide(found).slice(0, CLIP);
}

function findSentence(text: string): string | undefined {
  if (text === '') return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return /^<(!|\?xml|html|head|body)/i.test(text) ? undefined : text;
  }
  if (typeof parsed === 'string') return sentence(parsed);
  if (typeof parsed !== 'object' || parsed === null) return text;
  const problem = parsed as Record<string, unknown>;
  return (
    sentence(problem.errorMessage) ??
    sentence(readFieldErrors(problem.errors)) ??
    sentence(problem.detail) ??
    sentence(problem.message) ??
    sentence(problem.title) ??
    // Written anew: what was escaped in the body is plain here, and can be hidden.
    toText(parsed)
  );
}

function sentence(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The sentences of an `errors` map, each with its field unless it names it; of a list or a text without one. */
function readFieldErrors(errors: unknown): string | undefined {
  if (typeof errors === 'string') return errors;
  if (typeof errors !== 'object' || errors === null) return undefined;
  return Object.entries(errors)
    .map(([field, texts]) => {
      const said = (Array.isArray(texts) ? texts : [texts]).map(toText).join(' ');
      return field === '' || Array.isArray(errors) || said.includes(field) ? said : `${field}: ${said}`;
    })
    .join(' ');
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch {
    return 'unreadable';
  }
}

const CHECK_ADDRESS =
  'Check HEYREACH_BASE_URL: it must be the scheme and host of the API, such as https://api.heyreach.io';

interface AnswerContext {
  /** How long the key is held, after a 429. */
  retryAfterSeconds?: number | undefined;
  /** Takes out what must not be shown, should HeyReach have echoed it. */
  hide?: ((text: string) => string) | undefined;
  /** What there is to add to HeyReach's sentence. */
  remark?: string | undefined;
}

/** The error for an answer that is not 2xx, made from its status and body. */
export function errorFromAnswer(status: number, body: string, context: AnswerContext = {}): HeyReachError {
  const { retryAfterSeconds, hide, remark = '' } = context;
  const sentence = readErrorSentence(body, hide);
  const said = remark === '' ? sentence : `${sentence ?? `HTTP ${status}`} ${remark}`;
  const message = said ?? `HTTP ${status} without an explanation`;
  if (status >= 300 && status < 400) {
    return new HeyReachError({
      kind: 'redirect',
      status,
      outcome: 'refused',
      message: `HTTP ${status}: HeyReach answered with a redirect, which is never followed`,
      meaning: 'The configured address is not the API itself, and following it could hand the key to another host.',
      nextStep: `${CHECK_ADDRESS}.`,
    });
  }
  if (status >= 500) {
    return new HeyReachError({
      kind: 'server_error',
      status,
      outcome: 'unknown',
      message: said ?? `HTTP ${status} from HeyReach`,
      meaning: 'HeyReach failed while handling the request; it may or may not have been carried out.',
      nextStep: 'Read the state back before trying again.',
    });
  }
  if (status === 401) {
    return new HeyReachError({
      kind: 'unauthorized',
      status,
      outcome: 'refused',
      message,
      meaning: 'The API key is missing, mistyped, deactivated, or of another kind than this route takes.',
      nextStep:
        'Create a key of the kind "HeyReach API" under Settings, Integrations in HeyReach and configure it; repeating the call will not help.',
    });
  }
  if (status === 403) {
    return new HeyReachError({
      kind: 'forbidden',
      status,
      outcome: 'refused',
      message,
      meaning: 'The workspace may not do this; HeyReach answers so when it has no active subscription.',
      nextStep: 'Check the subscription of the workspace that the key belongs to.',
    });
  }
  if (status === 404) {
    return new HeyReachError({
      kind: 'not_found',
      status,
      outcome: 'refused',
      message,
      meaning: 'HeyReach knows nothing under this identifier in the workspace of this key.',
      nextStep: 'Look the identifier up again with the matching list call.',
    });
  }
  if (status === 429) {
    return new HeyReachError({
      kind: 'rate_limited',
      status,
      outcome: 'refused',
      message,
      retryAfterSeconds,
      meaning: 'The key has used its 300 requests a minute, perhaps through another program; nothing was processed.',
      nextStep: `Try again in ${retryAfterSeconds ?? 60} s.`,
    });
  }
  // HeyReach takes neither the method nor the type of what is always sent in the same way: it is not HeyReach, or has changed.
  const isElsewhere = status === 405 || status === 415;
  return new HeyReachError({
    kind: 'bad_request',
    status,
    outcome: 'refused',
    message,
    meaning: 'HeyReach refused the request as it stands; nothing was changed.',
    nextStep: isElsewhere
      ? `${CHECK_ADDRESS}; if it is, this is a defect of heyreach-mcp to report.`
      : 'Correct what the sentence names and call again.',
  });
}

/** The error for a 2xx whose body is not what the operation answers with. */
export function unreadableAnswer(status: number, why: string): HeyReachError {
  return new HeyReachError({
    kind: 'unreadable_answer',
    status,
    outcome: 'unknown',
    message: `HTTP ${status}, but the answer could not be read: ${why}`,
    meaning: 'HeyReach accepted the request, and what it answered is broken.',
    nextStep: 'Read the state back before trying again.',
  });
}
