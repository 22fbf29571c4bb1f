import { createHash } from 'node:crypto';
import { errorFromAnswer, HeyReachError, unreadableAnswer } from './errors.ts';
import { errorFromFault } from './faults.ts';
import { fitTo } from './fit.ts';
import type { Answer, Exchange, HttpSender } from './http.ts';
import { buildRequest, type Operation } from './operation.ts';
import type { Quota } from './quota.ts';
import type { Quotas } from './quotas.ts';
import { decideRetry, type Repeat, readRetryAfter } from './retry.ts';
import { waitFor } from './wait.ts';

const ATTEMPT_MS = 20_000;
/** A message can take HeyReach more than 30 s, and what must not be repeated is worth waiting for. */
const ONCE_MS = 90_000;
/** Shorter than any real key: what stands in for one is an ordinary word. */
const SECRET_LENGTH = 12;
/** Asked to wait for nothing, we wait a little all the same: the next answer would be a 429 too. */
const MIN_HOLD_MS = 1_000;
/** A timer set for longer would go off at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** One attempt of a call as it ended, for logs. */
export interface AttemptReport {
  path: string;
  attempt: number;
  /** HTTP status, or the reason why there was no answer. */
  ended: number | string;
  /** It may have been carried out, and nobody said so. */
  isUnclear: boolean;
  ms: number;
  repeat: Repeat;
}

export interface CallOptions {
  /** Cancels the call: its waiting slot, or its socket unless the operation must not be repeated. */
  signal?: AbortSignal | undefined;
  /** ms since the epoch; the call ends by then one way or the other. */
  deadline?: number | undefined;
  /** Nobody waits for the answer, so others go first. */
  background?: boolean | undefined;
  /** Where the arguments change what a second call does: an add with a resume flag is `once`. */
  repeat?: Repeat | undefined;
  observe?: ((report: AttemptReport) => void) | undefined;
  /**
   * Called before each attempt that may change something, once it has its slot; what it throws keeps it from leaving. Not
   * after an attempt that ended unclear, which may itself be what has changed.
   */
  beforeChange?: (() => Promise<void>) | undefined;
  /** Told the paths of fields whose type was not the known one, and which were made to fit. */
  onOddFields?: ((paths: string[]) => void) | undefined;
  /** Told how a `once` request ended that ran on after its caller had left. */
  onLate?: ((exchange: Exchange) => void) | undefined;
}

/** A short, stable name for a key that cannot be turned back into it. */
export function fingerprintKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** Carries calls of one key to HeyReach: quota, attempts, retries, errors. */
export class OperationCaller {
  readonly #sender: HttpSender;
  readonly #quota: () => Quota;
  readonly #key: string;

  constructor(options: { sender: HttpSender; quotas: Quotas; key: string }) {
    this.#sender = options.sender;
    this.#key = options.key;
    const fingerprint = fingerprintKey(options.key);
    this.#quota = () => options.quotas.of(fingerprint);
  }

  /** A text without the key, should it hold it. */
  hideKey(text: string): string {
    return this.#key.length < SECRET_LENGTH ? text : text.replaceAll(this.#key, '[key]');
  }

  /**
   * @returns what HeyReach answered, parsed; undefined for operations with an empty 200.
   * @throws HeyReachError whatever goes wrong; `outcome` says whether anything may have been done.
   */
  async call<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const scope = openScope(options.signal, options.deadline);
    try {
      return await this.#attempt(operation, request, { ...options, signal: scope.signal });
    } finally {
      scope.close();
    }
  }

  async #attempt<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: CallOptions & { signal: AbortSignal },
  ): Promise<Response> {
    const { path, body } = prepare(operation, request);
    const repeat = options.repeat ?? operation.repeat;
    const quota = this.#quota();
    const { signal, deadline = Number.POSITIVE_INFINITY } = options;
    let unclear: HeyReachError | undefined;
    let refused: Answer | undefined;
    for (let attempt = 1; ; ) {
      try {
        await quota.take({ signal, deadline, background: options.background });
      } catch (error) {
        throw this.#afterwards(error, unclear, refused);
      }
      if (repeat !== 'safe' && unclear === undefined) await options.beforeChange?.();
      const began = performance.now();
      const ended = await this.#sender.send({
        method: operation.method,
        path,
        key: this.#key,
        body,
        timeoutMs: repeat === 'once' ? ONCE_MS : ATTEMPT_MS,
        signal,
        abortable: repeat !== 'once',
        onLate: options.onLate,
      });
      options.observe?.({
        path: operation.path,
        attempt,
        ended: ended.type === 'answer' ? ended.status : ended.reason,
        isUnclear: ended.type === 'answer' ? ended.status >= 500 : ended.bytesLeft,
        ms: Math.round(performance.now() - began),
        repeat,
      });
      if (ended.type === 'answer' && ended.status >= 200 && ended.status < 300) {
        const answer = parseAnswer(operation, ended);
        const odd = operation.response === undefined ? [] : fitTo(operation.response, answer);
        if (odd.length > 0) options.onOddFields?.(odd);
        return answer;
      }
      const heldSeconds = ended.type === 'answer' && ended.status === 429 ? holdQuota(quota, ended) : undefined;
      const error = ended.type === 'fault' ? errorFromFault(ended) : this.#errorOf(ended, heldSeconds);
      refused = heldSeconds === undefined ? undefined : (ended as Answer);
      const decision = decideRetry(repeat, ended, attempt, deadline - Date.now(), Math.random());
      if (decision.action === 'stop') {
        error.afterUnclearAttempt = unclear !== undefined && repeat !== 'safe';
        // An earlier attempt that may have been carried out outweighs a later one that surely was not.
        const wasNotDone = error.outcome === 'not_sent' || error.status === 429;
        throw wasNotDone && unclear !== undefined ? unclear : error;
      }
      if (error.outcome === 'unknown') unclear = error;
      if (decision.counts) attempt += 1;
      await waitFor(decision.waitMs, signal);
    }
  }

  /** A slot was not to be had for a further attempt: the error is that of the attempts before it. */
  #afterwards(error: unknown, unclear: HeyReachError | undefined, refused: Answer | undefined): unknown {
    if (unclear !== undefined) return unclear;
    if (refused === undefined || !(error instanceof HeyReachError)) return error;
    return this.#errorOf(refused, error.retryAfterSeconds);
  }

  /** The error of an answer, without the key should it have been echoed. */
  #errorOf(answer: Answer, retryAfterSeconds: number | undefined): HeyReachError {
    const hide = (text: string) => this.hideKey(text);
    const absurd = answer.status === 429 && readRetryAfter(answer.retryAfter, Date.now())?.absurd === true;
    const remark = absurd ? hide(`(it asked to wait "${answer.retryAfter}", taken as 60 s)`) : undefined;
    return errorFromAnswer(answer.status, answer.text, { retryAfterSeconds, hide, remark });
  }
}

/** @returns the seconds for which the key is held now. */
function holdQuota(quota: Quota, answer: Answer): number {
  const asked = readRetryAfter(answer.retryAfter, Date.now());
  return Math.ceil(quota.hold(asked && Math.max(MIN_HOLD_MS, asked.waitMs)) / 1_000);
}

/** @throws HeyReachError for arguments that cannot be sent. */
function prepare<Request extends object>(operation: Operation<Request, unknown>, request: Request) {
  try {
    return buildRequest(operation, request);
  } catch (error) {
    throw new HeyReachError({
      kind: 'invalid_input',
      outcome: 'not_sent',
      message: (error as Error).message,
      meaning: 'It would stand in the path of the request and could lead it elsewhere.',
      nextStep: 'Look the identifier up again with the matching list call.',
    });
  }
}

/** A field of this name is none of HeyReach's, and would set a prototype wherever the answer is copied. */
function parseJson(text: string): unknown {
  const mayHold = text.includes('__proto__') || /\\u005f/i.test(text);
  return mayHold ? JSON.parse(text, (name, value) => (name === '__proto__' ? undefined : value)) : JSON.parse(text);
}

function parseAnswer<Request, Response>(operation: Operation<Request, Response>, answer: Answer): Response {
  const { answers } = operation;
  if (answers === 'nothing') return undefined as Response;
  const mayBeEmpty = answers === 'anything' || answers.startsWith('maybe_');
  if (answer.text.trim() === '') {
    if (mayBeEmpty) return undefined as Response;
    throw unreadableAnswer(answer.status, 'the body is empty');
  }
  let parsed: unknown;
  try {
    parsed = parseJson(answer.text);
  } catch {
    // Where no answer is published it may be a bare text, such as a new key.
    if (answers === 'anything' && !/^\s*[[{"<]/.test(answer.text)) return answer.text.trim() as Response;
    throw unreadableAnswer(answer.status, 'the body is not JSON, or cut off');
  }
  const type = Array.isArray(parsed) ? 'array' : parsed === null ? 'null' : typeof parsed;
  const wanted = answers.replace('maybe_', '');
  if (wanted === 'anything' || type === wanted) return parsed as Response;
  if (mayBeEmpty && type === 'null') return undefined as Response;
  throw unreadableAnswer(
    answer.status,
    `expected a JSON ${wanted}, got ${type === 'null' ? 'null' : `a JSON ${type}`}`,
  );
}

/** Joins the caller's signal and the deadline into one signal that says which of them it was. */
function openScope(signal: AbortSignal | undefined, deadline: number | undefined) {
  const controller = new AbortController();
  const onAbort = () => controller.abort('cancelled');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    deadline === undefined
      ? undefined
      : setTimeout(() => controller.abort('deadline'), Math.min(MAX_TIMER_MS, Math.max(0, deadline - Date.now())));
  return {
    signal: controller.signal,
    close() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
