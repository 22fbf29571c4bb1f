import { createHash } from 'node:crypto';
import { parseAnswer } from './answers.ts';
import type { Breaker, Watched } from './breaker.ts';
import { errorFromAnswer, HeyReachError } from './errors.ts';
import { errorFromFault } from './faults.ts';
import { fitTo } from './fit.ts';
import type { Answer, Exchange, HttpSender } from './http.ts';
import { buildRequest, type Operation } from './operation.ts';
import type { Quota } from './quota.ts';
import type { Quotas } from './quotas.ts';
import { decideRetry, type Repeat, readRetryAfter, STOP } from './retry.ts';
import { openScope, type Scope } from './scope.ts';
import { waitFor } from './wait.ts';

const ATTEMPT_MS = 20_000;
/** A message can take HeyReach more than 30 s, and what must not be repeated is worth waiting for. */
const ONCE_MS = 90_000;
/** Shorter than any real key: what stands in for one is an ordinary word. */
const SECRET_LENGTH = 12;
/** Asked to wait for nothing, we wait a little all the same: the next answer would be a 429 too. */
const MIN_HOLD_MS = 1_000;

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
  /** Made again by whoever calls, in time: one attempt, however it ends. */
  singleAttempt?: boolean | undefined;
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

interface WaitingCall extends CallOptions {
  scope: Scope;
  deadline: number;
}

/** A call whose request can be written. */
interface PreparedCall<Response> extends WaitingCall {
  operation: Operation<never, Response>;
  repeat: Repeat;
  path: string;
  body: string | undefined;
}

/** A short, stable name for a key that cannot be turned back into it. */
export function fingerprintKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** Carries calls of one key to HeyReach: quota, outages, attempts, retries, errors. */
export class OperationCaller {
  readonly #sender: HttpSender;
  readonly #breaker: Breaker;
  readonly #quota: () => Quota;
  readonly #key: string;
  readonly #fingerprint: string;

  constructor(options: { sender: HttpSender; quotas: Quotas; breaker: Breaker; key: string }) {
    this.#sender = options.sender;
    this.#breaker = options.breaker;
    this.#key = options.key;
    this.#fingerprint = fingerprintKey(options.key);
    this.#quota = () => options.quotas.of(this.#fingerprint);
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
    const repeat = options.repeat ?? operation.repeat;
    const call = { ...options, operation, repeat, scope, deadline: options.deadline ?? Number.POSITIVE_INFINITY };
    try {
      const prepared = prepare(operation, request);
      await this.#takeSlot(call, this.#breaker.refusal(this.#fingerprint));
      if (repeat !== 'safe') await options.beforeChange?.();
      return await this.#breaker.watch(this.#fingerprint, operation.path, (watched) =>
        this.#attempt({ ...call, ...prepared }, watched),
      );
    } finally {
      scope.close();
    }
  }

  async #attempt<Response>(call: PreparedCall<Response>, { isProbe, tell }: Watched): Promise<Response> {
    const { operation, repeat, deadline, path, body } = call;
    const { signal } = call.scope;
    let unclear: HeyReachError | undefined;
    for (let attempt = 1; ; ) {
      const began = performance.now();
      const ended = await this.#sender.send({
        method: operation.method,
        path,
        key: this.#key,
        body,
        timeoutMs: repeat === 'once' ? ONCE_MS : ATTEMPT_MS,
        signal,
        abortable: repeat !== 'once',
        onLate: (exchange) => {
          void this.#breaker.tellLate(this.#fingerprint, operation.path, exchange);
          call.onLate?.(exchange);
        },
      });
      const ms = performance.now() - began;
      tell(ended, ms);
      call.observe?.({
        path: operation.path,
        attempt,
        ended: ended.type === 'answer' ? ended.status : ended.reason,
        isUnclear: ended.type === 'answer' ? ended.status >= 500 : ended.bytesLeft,
        ms: Math.round(ms),
        repeat,
      });
      if (ended.type === 'answer' && ended.status >= 200 && ended.status < 300) {
        const answer = parseAnswer(operation, ended);
        const odd = operation.response === undefined ? [] : fitTo(operation.response, answer);
        if (odd.length > 0) call.onOddFields?.(odd);
        return answer;
      }
      const heldSeconds = ended.type === 'answer' && ended.status === 429 ? holdQuota(this.#quota(), ended) : undefined;
      const error = ended.type === 'fault' ? errorFromFault(ended) : this.#errorOf(ended, heldSeconds);
      const refused = heldSeconds === undefined ? undefined : (ended as Answer);
      // A probe that fails has found out what it was for.
      const decision =
        call.singleAttempt === true || (isProbe && refused === undefined)
          ? STOP
          : decideRetry(repeat, ended, attempt, deadline - Date.now(), Math.random());
      if (decision.action === 'stop') {
        error.afterUnclearAttempt = unclear !== undefined && repeat !== 'safe';
        // An earlier attempt that may have been carried out outweighs a later one that surely was not.
        const wasNotDone = error.outcome === 'not_sent' || error.status === 429;
        throw wasNotDone && unclear !== undefined ? unclear : error;
      }
      if (error.outcome === 'unknown') unclear = error;
      if (decision.counts) attempt += 1;
      await waitFor(decision.waitMs, signal);
      try {
        await this.#takeSlot(call, isProbe ? undefined : this.#breaker.refusal(this.#fingerprint, false));
      } catch (error) {
        throw this.#afterwards(error, unclear, refused);
      }
      if (repeat !== 'safe' && unclear === undefined) await call.beforeChange?.();
    }
  }

  /**
   * Waits for the quota, unless HeyReach turns out to be down meanwhile.
   * @throws HeyReachError `not_sent`; what is already refused is thrown at once.
   */
  async #takeSlot({ scope, deadline, background }: WaitingCall, refusal: HeyReachError | undefined): Promise<void> {
    if (refusal !== undefined) throw refusal;
    const stayNoLonger = this.#breaker.onOpen(this.#fingerprint, () => scope.leave());
    try {
      await this.#quota().take({ signal: scope.signal, deadline, background });
    } catch (error) {
      throw (scope.signal.reason === 'left' && this.#breaker.refusal(this.#fingerprint)) || error;
    } finally {
      stayNoLonger();
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
