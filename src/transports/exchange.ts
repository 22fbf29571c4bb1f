import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Place } from '../front-door/admission.ts';
import { answerJson, answerRefusal, type Refusal, refusalBody, refuse } from '../front-door/refusals.ts';
import type { Log } from '../log.ts';
import { isRecord } from '../tools/is-record.ts';
import { discardRest } from './body.ts';
import { endFromOutside } from './under-way.ts';

/** Whoever does not read what is written to it is cut off so long after the end. */
const LAST_WORDS_MS = 1_000;

/** How one request over HTTP ended. */
export interface ExchangeReport {
  /** 0 where nothing was answered. */
  status: number;
  /** Why it was turned away, in a word or two. */
  refusal?: string | undefined;
  isStream: boolean;
}

/** One request over HTTP and its answer. */
export class Exchange {
  readonly log: Log;
  isStream = false;
  #reason: string | undefined;

  constructor(
    readonly requestId: string,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    log: Log,
    onEnd: (report: ExchangeReport) => void,
  ) {
    this.log = log;
    response.setHeader('x-request-id', requestId);
    // What is written to an answer that was ended from outside has nowhere to go.
    response.on('error', (error) => log.debug({ err: error.message }, 'http answer broke off'));
    response.once('close', () => {
      const status = response.headersSent ? response.statusCode : 0;
      // What the SDK turns away leaves no word for it.
      const refusal = this.#reason ?? (status >= 400 ? 'protocol' : undefined);
      this.#report(status, refusal);
      onEnd({ status, refusal, isStream: this.isStream });
    });
  }

  /** Whether it has been answered, whoever did so. */
  get isAnswered(): boolean {
    return this.response.writableEnded;
  }

  /** Answers with a refusal. @param id of the JSON-RPC request, where it is known. */
  turnAway(refusal: Refusal, id?: unknown): void {
    this.#reason = refusal.reason;
    answerRefusal(this.response, refusal, this.requestId, id);
    if (!this.request.complete) discardRest(this.request);
  }

  /** Answers a probe, which is told no by the status. */
  answer(status: number, body: object): void {
    if (status >= 400) this.#reason = NOT_READY;
    answerJson(this.response, status, body);
  }

  /** Ends what could not be served: most often the client hung up while it was writing. */
  breakOff(error: unknown): void {
    const hasLeft = !this.request.complete || this.response.destroyed;
    const said = error instanceof Error ? error.message : String(error);
    this.log[hasLeft ? 'debug' : 'error']({ err: said }, 'http request broke off');
    if (hasLeft || this.response.headersSent) this.response.destroy();
    else this.turnAway(DEFECT);
  }

  /** Holds a place until the answer has ended. */
  hold(place: Place): void {
    this.response.once('close', place.leave);
  }

  /** Ends the answer at the latest in so many ms, whatever it waits for. @param ids of the requests that wait. */
  endWithin(ms: number, ids: readonly unknown[]): void {
    const timer = setTimeout(() => this.#endNow(ids), ms);
    this.response.once('close', () => clearTimeout(timer));
  }

  #endNow(ids: readonly unknown[]): void {
    const { response } = this;
    if (!response.headersSent) {
      this.turnAway(TOO_LATE, ids[0]);
    } else {
      this.#reason = TOO_LATE.reason;
      if (isEventStream(response)) {
        for (const id of ids)
          response.write(`event: message\ndata: ${JSON.stringify(refusalBody(TOO_LATE, this.requestId, id))}\n\n`);
      }
      endFromOutside(response);
    }
    const timer = setTimeout(() => response.destroy(), LAST_WORDS_MS);
    response.once('close', () => clearTimeout(timer));
  }

  #report(status: number, refusal: string | undefined): void {
    const fields = { status, ...(refusal === undefined ? {} : { refusal }), method: this.request.method };
    // A client of 2025 tries GET and DELETE on its way, and goes on; who probes hears it by the status.
    if (status === 405 || refusal === NOT_READY) this.log.debug(fields, 'http request refused');
    else if (refusal !== undefined) this.log.warn(fields, 'http request refused');
    else if (status === 0) this.log.debug(fields, 'http client left before it was answered');
    else this.log.debug(fields, 'http request answered');
  }
}

/** The word for a probe that is answered no. */
const NOT_READY = 'not_ready';

const TOO_LATE = refuse(
  504,
  'deadline',
  'The server did not finish this request in its time. What it was to do may have been done.',
);

const DEFECT = refuse(500, 'defect', 'The server failed at this request. Report it as a defect of heyreach-mcp.');

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/** The ids of the requests that a body holds: one, or those of a batch. */
export function idsOf(message: unknown): unknown[] {
  const messages = Array.isArray(message) ? message : [message];
  return messages.flatMap((one) => (isRecord(one) && one.method !== undefined && one.id !== undefined ? [one.id] : []));
}
