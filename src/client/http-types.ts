import type { EndSignal } from './call-signal.ts';

/** Why a request ended without a response. */
export type TransportErrorReason =
  | 'dns'
  | 'refused'
  | 'tls'
  | 'connect_timeout'
  | 'reset'
  | 'garbled'
  | 'timeout'
  | 'too_large'
  | 'invalid'
  | 'late'
  | 'cancelled'
  | 'deadline';

/** A request that ended without a response. */
export interface TransportError {
  type: 'error';
  reason: TransportErrorReason;
  /** True from the moment the request was handed to a connected socket: HeyReach may have read some of it. */
  requestSent: boolean;
  /** The request goes on without its caller. A `never` request is not aborted once its bytes may have left. */
  inFlight: boolean;
  detail: string;
}

/** An HTTP response, with its whole body as text. */
export interface HttpResponse {
  type: 'response';
  status: number;
  retryAfter: string | undefined;
  /** The clock of the host, as its header says it. */
  date?: string | undefined;
  text: string;
}

/** How one request ended. */
export type HttpResult = HttpResponse | TransportError;

/** One request to HeyReach. The sender adds host and headers. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, already encoded. */
  path: string;
  key: string | undefined;
  /** JSON text. */
  body?: string | undefined;
  timeoutMs: number;
  /** Aborted with the reason `cancelled` or `deadline`. */
  signal: EndSignal;
  /**
   * False for a request that must not be repeated. Once its bytes may have left, an abort ends only the caller's wait: the
   * result is in flight, and the request runs on to its timeout.
   */
  abortable: boolean;
  /** Asked just before the first byte leaves. false: the request is not sent, and ends as `late`. */
  mayStart?: (() => boolean) | undefined;
  /** Gets the result of a request that ran on after its caller had left. */
  onDetachedResult?: ((result: HttpResult) => void) | undefined;
}
