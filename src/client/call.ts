import { parseAnswer } from './answers.ts';
import type { Breaker, Watched } from './breaker.ts';
import { errorFromAnswer, HeyReachError } from './errors.ts';
import { errorFromFault } from './faults.ts';
import { fitTo } from './fit.ts';
import type { Answer, Exchange, HttpRequest, HttpSender } from './http.ts';
import { hideKey } from './key.ts';
import { buildRequest, type Operation } from './operation.ts';
import type { Quota, Slot } from './quota.ts';
import { outOfTime } from './quota-errors.ts';
import type { Quotas } from './quotas.ts';
import { decideRetry, type Repeat, readRetryAfter, STOP } from './retry.ts';
import { openScope, type Scope } from './scope.ts';
import { waitFor } from './wait.ts';
import { type ConnectionWatch, sendWatched } from './watch.ts';

const ATTEMPT_MS = 20_000;
/** A message can take HeyReach more than 30 s, and what must not be repeated is worth waiting for. */
const ONCE_MS = 90_000;
/** What is no read and has less time left than this would end unclear. */
const ANSWER_MS = 1_000;
/** Asked to wait for nothing, we wait a little all the same: the next answer would be a 429 too. */
const LEAST_WAIT_MS = 1_000;

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
  repeat: Repeat;
  deadline: number;
}

interface Wanted {
  /** The first attempt of a call: it can be the one that finds out whether HeyReach is back. */
  isNew: boolean;
  mayLook: boolean;
  /** What to say where no slot was to be had. */
  orElse?: (error: unknown) => unknown;
}

/** A call whose request can be written. */
interface PreparedCall<Response> extends WaitingCall {
  operation: Operation<never, Response>;
  path: string;
  body: string | undefined;
}

interface CallerOptions {
  sender: HttpSender;
  quotas: Quotas;
  breaker: Breaker;
  watch?: ConnectionWatch | undefined;
  key: string;
  fingerprint: string;
}

/** Carries calls of one key to HeyReach: quota, outages, attempts, retries, errors. */
export class OperationCaller {
  readonly #sender: HttpSender;
  readonly #breaker: Breaker;
  readonly #quota: () => Quota;
  readonly #watch: ConnectionWatch | undefined;
  readonly #key: string;
  readonly #fingerprint: string;

  constructor(options: CallerOptions) {
    this.#watch = options.watch;
    this.#sender = options.sender;
    this.#breaker = options.breaker;
    this.#key = options.key;
    this.#fingerprint = options.fingerprint;
    this.#quota = () => options.quotas.of(this.#fingerprint);
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
      const slot = await this.#readySlot(call, { isNew: true, mayLook: true });
      const refusal = this.#breaker.refusal(this.#fingerprint);
      if (refusal !== undefined) {
        slot.giveBack();
        throw refusal;
      }
      return await this.#breaker.watch(this.#fingerprint, operation.path, (watched) =>
        this.#attempt({ ...call, ...prepared }, slot, watched),
      );
    } finally {
      scope.close();
    }
  }

  async #attempt<Response>(call: PreparedCall<Response>, first: Slot, { isProbe, tell }: Watched): Promise<Response> {
    const { operation, repeat, path, body } = call;
    const { signal } = call.scope;
    let slot = first;
    let unclear: HeyReachError | undefined;
    // Those after a 429 are no further attempts, but requests all the same.
    for (let attempt = 1, made = 1; ; made += 1) {
      const began = performance.now();
      const request: HttpRequest = {
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
      };
      const ended = await (this.#watch === undefined
        ? this.#sender.send(request)
        : sendWatched(this.#sender, request, made, this.#watch));
      const ms = performance.now() - began;
      tell(ended, ms);
      if (ended.type === 'fault' && !ended.bytesLeft && signal.aborted) slot.giveBack();
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
      // A probe that fails has found out what it was for. One that meets a 429 has, too, and goes on as any call does.
      const decision =
        call.singleAttempt === true || (isProbe && slot === first && refused === undefined)
          ? STOP
          : decideRetry(repeat, ended, attempt, timeFor(call) - Date.now(), Math.random());
      if (decision.action === 'stop') {
        error.afterUnclearAttempt = unclear !== undefined && repeat !== 'safe';
        // An earlier attempt that may have been carried out outweighs a later one that surely was not.
        const wasNotDone = error.outcome === 'not_sent' || error.status === 429;
        throw wasNotDone && unclear !== undefined ? unclear : error;
      }
      if (error.outcome === 'unknown') unclear = error;
      if (decision.counts) attempt += 1;
      await waitFor(decision.waitMs, signal);
      slot = await this.#readySlot(call, {
        isNew: false,
        mayLook: unclear === undefined,
        orElse: (error) => this.#afterwards(error, unclear, refused),
      });
    }
  }

  /**
   * A slot of the quota, once everything is so that a request may leave: HeyReach is not down, what is to be changed was
   * looked at, and there is time for an answer.
   * @throws HeyReachError `not_sent`, or what `orElse` makes of it where no slot was to be had.
   */
  async #readySlot(call: WaitingCall, { isNew, mayLook, orElse = (error) => error }: Wanted): Promise<Slot> {
    const look = call.repeat !== 'safe' && mayLook ? call.beforeChange : undefined;
    for (;;) {
      const slot = await this.#takeSlot(call, isNew).catch((error: unknown) => {
        throw orElse(error);
      });
      try {
        await look?.();
        if (timeFor(call) < Date.now()) throw orElse(outOfTime());
        // Looking takes its time.
        if (look === undefined || (await slot.renew())) return slot;
      } catch (error) {
        slot.giveBack();
        throw error;
      }
    }
  }

  /** Waits for the quota, unless HeyReach turns out to be down meanwhile. */
  async #takeSlot({ scope, deadline, background }: WaitingCall, isNew: boolean): Promise<Slot> {
    const refusal = this.#breaker.refusal(this.#fingerprint, isNew);
    if (refusal !== undefined) throw refusal;
    const stayNoLonger = this.#breaker.onOpen(this.#fingerprint, scope.leave);
    const asked = performance.now();
    try {
      const slot = await this.#quota().take({ signal: scope.signal, deadline, background });
      const { reason } = scope.signal;
      if (!(reason instanceof HeyReachError)) {
        this.#watch?.slotTaken(performance.now() - asked);
        return slot;
      }
      slot.giveBack();
      throw reason;
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
    const hide = (text: string) => hideKey(text, this.#key);
    const absurd = answer.status === 429 && readRetryAfter(answer.retryAfter, Date.now())?.absurd === true;
    const remark = absurd ? hide(`(it asked to wait "${answer.retryAfter?.slice(0, 100)}", taken as 60 s)`) : undefined;
    return errorFromAnswer(answer.status, answer.text, { retryAfterSeconds, hide, remark });
  }
}

/** Until when an attempt can begin, in ms since the epoch. */
function timeFor({ repeat, deadline }: WaitingCall): number {
  return repeat === 'safe' ? deadline : deadline - ANSWER_MS;
}

/** @returns the seconds for which the key is held now. */
function holdQuota(quota: Quota, answer: Answer): number {
  const asked = readRetryAfter(answer.retryAfter, Date.now());
  return Math.ceil(quota.hold(asked && Math.max(LEAST_WAIT_MS, asked.waitMs)) / 1_000);
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
