import { Client, Pool } from 'undici';
import type { Era } from '../../../bench/http.ts';
import { type Outcome, unusable } from '../outcome.ts';
import type { Wanted } from '../wanted.ts';
import { judgeAnswer, type WireAnswer, writeRequest } from '../wire.ts';
import type { ClientTarget, LoadClient } from './client.ts';

const INITIALIZE: Wanted = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1.0.0' } },
};

/** A plain HTTP client: it costs little, and sees the bytes on the wire. */
export class PlainClient implements LoadClient {
  readonly target: ClientTarget;
  readonly #era: Era;
  readonly #dispatcher: Client | Pool;
  readonly #path: string;
  #session: Record<string, string> = {};

  /** @param connections a single kept-alive connection, or more for a client with many concurrent requests. */
  constructor(target: ClientTarget, era: Era, connections = 1) {
    const { origin, pathname } = new URL(target.url);
    this.target = target;
    this.#era = era;
    this.#path = pathname;
    this.#dispatcher = connections === 1 ? new Client(origin) : new Pool(origin, { connections });
  }

  get owner() {
    return this.target.owner;
  }

  /** Initializes a client of 2025, which gets a session id. */
  async open(): Promise<this> {
    if (this.#era === '2026-07-28') return this;
    const { headers } = await this.#post(writeRequest(this.#era, INITIALIZE, this.target.headers));
    this.#session = { 'mcp-session-id': String(headers['mcp-session-id']) };
    return this;
  }

  ask(request: Wanted): Promise<Outcome> {
    return this.askUntil(request, undefined).outcome;
  }

  /** Makes a request, and closes the connection when the signal fires. */
  askUntil(request: Wanted, signal: AbortSignal | undefined): { id: number; outcome: Promise<Outcome> } {
    const wireRequest = writeRequest(this.#era, request, this.headers);
    const outcome = this.#post(wireRequest, signal).then(
      (answer) => judgeAnswer(answer, wireRequest.id, request, this.owner),
      (error: unknown): Outcome =>
        signal?.aborted ? { end: 'left', faults: [] } : unusable(`broke off: ${String(error)}`),
    );
    return { id: wireRequest.id, outcome };
  }

  /** Sends a notification. */
  async notify(method: string, params: object): Promise<void> {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params });
    const { headers } = writeRequest(this.#era, { method, params: {} }, this.headers);
    await this.#post({ headers, body });
  }

  get headers(): Record<string, string> {
    return { ...this.target.headers, ...this.#session };
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  async #post({ headers, body }: { headers: Record<string, string>; body: string }, signal?: AbortSignal) {
    const answer = await this.#dispatcher.request({
      path: this.#path,
      method: 'POST',
      headers,
      body,
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      retryAfter: answer.headers['retry-after'],
      contentType: String(answer.headers['content-type']),
      text,
      headers: answer.headers,
    } satisfies WireAnswer & { headers: object };
  }
}
