import { CallSignal, sleep } from './call-signal.ts';
import type { AllowedCall, CircuitBreaker } from './circuit-breaker/circuit-breaker.ts';
import { HeyReachError, hideKey } from './errors.ts';
import { finalError } from './final-error.ts';
import type { HttpSender } from './http-sender.ts';
import type { HttpResult } from './http-types.ts';
import type { ClientInstrumentation } from './instrumentation.ts';
import { buildRequest, namesNothing, type Operation } from './operation.ts';
import { parseResponse } from './parse-response.ts';
import { deadlineWhileWaiting } from './rate-limit/errors.ts';
import type { Permit, RateLimiter } from './rate-limit/rate-limiter.ts';
import type { RateLimiters } from './rate-limit/rate-limiters.ts';
import { errorFromResponse } from './response-errors.ts';
import { decideRetry, NO_RETRY, type RetryClass, type RetryDecision, readRetryAfter } from './retry.ts';
import { errorFromTransport } from './transport-errors.ts';

/** Time for a request that can be repeated. */
const ATTEMPT_MS = 20_000;
/** Time for a request that must not be repeated. HeyReach can take more than 30 s to accept a message. */
export const NEVER_RETRIED_MS = 90_000;
/** A write with less time left than this would probably end with an unknown outcome. */
const MIN_RESPONSE_MS = 1_000;
/** The shortest wait after a 429. After a shorter one the next response would be a 429 too. */
const MIN_RETRY_AFTER_MS = 1_000;

/** One finished attempt of a call, for logs. */
export interface AttemptReport {
  path: string;
  /** From 1. An attempt that got a 429 does not count. */
  attempt: number;
  /** HTTP status, or the reason why there was no response. */
  ended: number | string;
  /** The attempt may have been carried out without a response that says so. */
  isUnclear: boolean;
  ms: number;
  retry: RetryClass;
}

/** Options of one call. Each may be left out. */
export interface CallOptions {
  /** Cancels the call: its wait for a permit, or its socket unless the operation must not be repeated. */
  signal?: AbortSignal | undefined;
  /** ms since the epoch. The call ends by then. */
  deadline?: number | undefined;
  /** No caller waits for the result, so foreground calls go first. */
  background?: boolean | undefined;
  /** Replaces the operation's class where the arguments change it, as a resume flag does. */
  retry?: RetryClass | undefined;
  /** The caller itself repeats the call later, so one attempt is made, whatever its result. */
  singleAttempt?: boolean | undefined;
  observe?: ((report: AttemptReport) => void) | undefined;
  /**
   * Called before each attempt of a write, with the permit in hand. If it throws, the attempt is not sent. Not called after
   * an attempt with an unknown outcome, because that attempt may itself have changed the state.
   */
  beforeWrite?: (() => Promise<void>) | undefined;
  /** Called just before the bytes of an attempt leave. false: the attempt is not sent, and `beforeWrite` runs again. */
  mayStart?: (() => boolean) | undefined;
  /** Gets the paths of fields whose type was not the documented one and was changed to fit. */
  onUnexpectedFields?: ((paths: string[]) => void) | undefined;
  /** Gets the result of a `never` request that ran on after its caller had left. */
  onDetachedResult?: ((result: HttpResult) => void) | undefined;
}

/** A call whose request can be written. */
interface Call extends CallOptions {
  operation: Operation<never, unknown>;
  path: string;
  body: string | undefined;
  retry: RetryClass;
  deadline: number;
  callSignal: CallSignal;
  /** The errors of the attempts so far. */
  failures: HeyReachError[];
}

interface ExecutorOptions {
  sender: HttpSender;
  limiters: RateLimiters;
  breaker: CircuitBreaker;
  instrumentation?: ClientInstrumentation | undefined;
  key: string;
  fingerprint: string;
  /** Called for each 2xx. */
  onAccepted?: () => void;
}

/** Sends the calls of one key to HeyReach: rate limiter, circuit breaker, sender, retry. */
export class RequestExecutor {
  readonly #sender: HttpSender;
  readonly #breaker: CircuitBreaker;
  readonly #limiter: () => RateLimiter;
  readonly #instrumentation: ClientInstrumentation | undefined;
  readonly #key: string;
  readonly #fingerprint: string;
  readonly #onAccepted: () => void;
  readonly #hide = (text: string) => hideKey(text, this.#key);

  constructor(options: ExecutorOptions) {
    this.#onAccepted = options.onAccepted ?? (() => {});
    this.#instrumentation = options.instrumentation;
    this.#sender = options.sender;
    this.#breaker = options.breaker;
    this.#key = options.key;
    this.#fingerprint = options.fingerprint;
    this.#limiter = () => options.limiters.get(this.#fingerprint);
  }

  /**
   * @returns the parsed response, or undefined for operations with an empty 200.
   * @throws HeyReachError for every failure. Its `outcome` says whether the call may have been carried out.
   */
  async execute<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    options: CallOptions = {},
  ): Promise<Response> {
    const callSignal = new CallSignal(options.signal, options.deadline);
    let allowed: AllowedCall | undefined;
    try {
      // Under Node 20, fields after a spread would cost more than all else that is done here.
      const call: Call = Object.assign({}, options, buildRequest(operation, request), {
        operation,
        retry: options.retry ?? operation.retry,
        deadline: options.deadline ?? Number.POSITIVE_INFINITY,
        callSignal,
        failures: [],
      });
      for (;;) {
        const permit = await this.#acquirePermit(call);
        if (allowed === undefined) {
          const answer = this.#allow(call, permit);
          allowed = answer instanceof Promise ? await answer : answer;
        }
        const result = await this.#send(call, permit, allowed);
        if (result.type === 'response' && result.status >= 200 && result.status < 300) {
          this.#onAccepted();
          return parseResponse(operation, result, this.#hide, call.onUnexpectedFields);
        }
        call.failures.push(this.#failureOf(result, call.operation));
        const decision = decide(call, result, allowed);
        if (decision.action === 'stop') throw finalError(call.failures, call.retry);
        await sleep(decision.waitMs, callSignal);
      }
    } finally {
      await allowed?.end();
      callSignal.close();
    }
  }

  /**
   * Waits for a permit, then runs the check before a write. The check takes time, so the permit is refreshed after it, or
   * acquired again if it has expired.
   */
  async #acquirePermit(call: Call): Promise<Permit> {
    const { failures, retry } = call;
    const mayBeDone = failures.some(({ outcome }) => outcome === 'unknown');
    const beforeWrite = retry === 'safe' || mayBeDone ? undefined : call.beforeWrite;
    for (;;) {
      const permit = await this.#waitForPermit(call);
      try {
        if (beforeWrite !== undefined) await beforeWrite();
        if (latestStart(call) < Date.now()) throw finalError(failures, retry, deadlineWhileWaiting());
        if (beforeWrite === undefined || (await permit.refresh())) return permit;
      } catch (error) {
        permit.release();
        throw error;
      }
    }
  }

  /** Waits for the rate limiter, unless the circuit opens meanwhile. */
  async #waitForPermit({ callSignal, deadline, background, failures, retry }: Call): Promise<Permit> {
    const rejection = this.#breaker.rejection(this.#fingerprint, failures.length === 0);
    if (rejection !== undefined) throw finalError(failures, retry, rejection);
    const stopListening = this.#breaker.onOpen(this.#fingerprint, callSignal.abort);
    const began = performance.now();
    try {
      const permit = await this.#limiter().acquire({
        signal: callSignal,
        deadline,
        background,
        read: retry === 'safe',
      });
      if (!(callSignal.reason instanceof HeyReachError)) {
        this.#instrumentation?.permitAcquired(performance.now() - began);
        return permit;
      }
      permit.release();
      throw callSignal.reason;
    } catch (error) {
      throw finalError(failures, retry, error as HeyReachError);
    } finally {
      stopListening();
    }
  }

  /** @throws HeyReachError the rejection of the circuit breaker, and releases the permit. */
  #allow({ operation }: Call, permit: Permit): AllowedCall | Promise<AllowedCall> {
    const reject = (error: unknown) => {
      permit.release();
      throw error;
    };
    try {
      const allowed = this.#breaker.allow(this.#fingerprint, operation.path);
      return allowed instanceof Promise ? allowed.catch(reject) : allowed;
    } catch (error) {
      return reject(error);
    }
  }

  /** Sends one request and reports its start and its end. */
  async #send(call: Call, permit: Permit, allowed: AllowedCall): Promise<HttpResult> {
    const { operation, path, body, retry, failures, callSignal: signal } = call;
    const requestNumber = failures.length + 1;
    const began = performance.now();
    const reportEnd = (end: HttpResult) =>
      this.#instrumentation?.attemptEnded({
        attempt: requestNumber,
        ended: end.type === 'response' ? end.status : end.reason,
        ms: performance.now() - began,
      });
    this.#instrumentation?.attemptStarted(requestNumber);
    const result = await this.#sender.send({
      method: operation.method,
      path,
      key: this.#key,
      body,
      timeoutMs: retry === 'never' ? NEVER_RETRIED_MS : ATTEMPT_MS,
      signal,
      abortable: retry !== 'never',
      mayStart: call.mayStart,
      onDetachedResult: (detached) => {
        reportEnd(detached);
        void this.#breaker.reportDetached(this.#fingerprint, operation.path, detached);
        call.onDetachedResult?.(detached);
      },
    });
    if (result.type === 'response' || !result.inFlight) reportEnd(result);
    const ms = performance.now() - began;
    allowed.report(result, ms);
    if (result.type === 'error' && !result.requestSent && (signal.aborted || result.reason === 'late'))
      permit.release();
    call.observe?.({
      path: operation.path,
      attempt: countedAttempts(call) + 1,
      ended: result.type === 'response' ? result.status : result.reason,
      isUnclear: result.type === 'response' ? result.status >= 500 : result.requestSent,
      ms: Math.round(ms),
      retry,
    });
    return result;
  }

  /** The error of a failed attempt. A 429 also holds the key. */
  #failureOf(result: HttpResult, operation: Call['operation']): HeyReachError {
    if (result.type === 'error') return errorFromTransport(result);
    if (result.status !== 429) {
      return errorFromResponse(result.status, result.text, { hide: this.#hide, namesNothing: namesNothing(operation) });
    }
    const requested = readRetryAfter(result.retryAfter, Date.now());
    const heldMs = this.#limiter().hold(requested && Math.max(MIN_RETRY_AFTER_MS, requested.waitMs));
    const remark = requested?.absurd
      ? this.#hide(`(it asked to wait "${result.retryAfter?.slice(0, 100)}", taken as 60 s)`)
      : undefined;
    return errorFromResponse(429, result.text, {
      retryAfterSeconds: Math.ceil(heldMs / 1_000),
      hide: this.#hide,
      remark,
    });
  }
}

/** Whether the attempt that has just failed is retried. */
function decide(call: Call, result: HttpResult, { isHalfOpenProbe }: AllowedCall): RetryDecision {
  // The first response decides a probe. After a 429 it goes on like any other call, because HeyReach has responded.
  const isFailedProbe = isHalfOpenProbe && call.failures.length === 1 && call.failures[0]?.status !== 429;
  if (call.singleAttempt === true || isFailedProbe) return NO_RETRY;
  return decideRetry(call.retry, result, countedAttempts(call), latestStart(call) - Date.now(), Math.random());
}

/** Failed attempts without those that got a 429, which HeyReach did not process. */
function countedAttempts({ failures }: Call): number {
  return failures.filter(({ status }) => status !== 429).length;
}

/** The latest start of an attempt, in ms since the epoch. */
function latestStart({ retry, deadline }: Call): number {
  return retry === 'safe' ? deadline : deadline - MIN_RESPONSE_MS;
}
