import { Agent, type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type Outcome, unusable } from '../outcome.ts';
import type { Wanted } from '../wanted.ts';
import { judgeAnswer, writeRequest } from '../wire.ts';
import type { ClientTarget, LoadClient } from './client.ts';

const PIECES = 5;
const PIECE_MS = 100;
const READS_AFTER_MS = 1_000;

/** Writes a request slowly, and reads the response slowly. */
export class SlowClient implements LoadClient {
  readonly ownMs = PIECES * PIECE_MS + READS_AFTER_MS;
  readonly #target: ClientTarget;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(target: ClientTarget) {
    this.#target = target;
  }

  get owner() {
    return this.#target.owner;
  }

  async ask(wantedRequest: Wanted): Promise<Outcome> {
    const { id, headers, body } = writeRequest('2026-07-28', wantedRequest, this.#target.headers);
    try {
      const answer = await this.#post(headers, Buffer.from(body));
      await pause(READS_AFTER_MS);
      const { statusCode: status = 0, headers: answerHeaders } = answer;
      const read = {
        status,
        retryAfter: answerHeaders['retry-after'],
        contentType: String(answerHeaders['content-type']),
      };
      return judgeAnswer({ ...read, text: await readText(answer) }, id, wantedRequest, this.owner);
    } catch (error) {
      return unusable(`broke off: ${String(error)}`);
    }
  }

  async close(): Promise<void> {
    this.#agent.destroy();
  }

  #post(headers: Record<string, string>, body: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sending = request(this.#target.url, { method: 'POST', headers, agent: this.#agent }, resolve);
      sending.once('error', reject);
      const size = Math.ceil(body.length / PIECES);
      let written = 0;
      const timer = setInterval(() => {
        sending.write(body.subarray(written, written + size));
        written += size;
        if (written < body.length) return;
        clearInterval(timer);
        sending.end();
      }, PIECE_MS);
      sending.once('close', () => clearInterval(timer));
    });
  }
}
