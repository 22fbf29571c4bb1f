import { once } from 'node:events';
import type { SendCaps } from '../../../src/state/sends.ts';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';

export interface ReplicaOptions {
  redis: string;
  heyReach: string;
  /** Differs between replicas. */
  name: string;
  audit?: string;
  caps: SendCaps;
  confirm?: 'token' | 'off';
  toolSeconds?: number;
}

export interface CallResult {
  error?: { kind: string; outcome: 'not_sent' | 'refused' | 'unknown'; message: string };
  confirmation?: { confirmToken: string; preview: unknown };
  delivery?: string;
}

/** The built program in its own process, over HTTP, with a key in each call. */
export class Replica {
  readonly name: string;
  readonly #program: HttpProgram;
  readonly #ended: Promise<void>;
  #isDead = false;

  private constructor(program: HttpProgram, name: string) {
    this.#program = program;
    this.name = name;
    this.#ended = once(program.process, 'exit').then(() => {
      this.#isDead = true;
    });
  }

  static async start(options: ReplicaOptions): Promise<Replica> {
    const { redis, heyReach, name, audit, caps, confirm = 'token', toolSeconds = 55 } = options;
    const program = await startHttpProgram({
      built: true,
      env: {
        HEYREACH_REDIS_URL: redis,
        HEYREACH_STATE_SECRET: 'a made-up secret of more than 32 characters',
        HEYREACH_BASE_URL: heyReach,
        HEYREACH_CONFIRM: confirm,
        HEYREACH_MAX_SENDS_PER_HOUR: String(caps.perKey),
        HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR: String(caps.perSender),
        HEYREACH_TOOL_TIMEOUT_SECONDS: String(toolSeconds),
        HEYREACH_LOG_LEVEL: 'error',
        ...(audit === undefined ? {} : { HEYREACH_AUDIT_LOG: audit }),
      },
    });
    return new Replica(program, name);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** @returns undefined if the process ended first. */
  async call(key: string, tool: string, args: Record<string, unknown>): Promise<CallResult | undefined> {
    if (this.#isDead) return undefined;
    const sent = { headers: { 'x-api-key': key }, body: callOf(tool, args) };
    const reply = await send(this.#program.url, sent).catch(() => undefined);
    if (reply === undefined) {
      // The connection breaks a moment before the exit of the process is known.
      await this.#ended;
      return undefined;
    }
    const { result, error } = reply.message();
    if (result === undefined) throw new Error(`${tool} got a protocol error: ${error?.message}`);
    return result.structuredContent as CallResult;
  }

  /** Stops the process without ending it (SIGSTOP), until `resume`. */
  pause(): void {
    this.#program.process.kill('SIGSTOP');
  }

  resume(): void {
    this.#program.process.kill('SIGCONT');
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    this.#program.process.kill('SIGKILL');
    await this.#ended;
  }
}
