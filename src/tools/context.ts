import type { Changes } from '../changes.ts';
import { type AttemptReport, type Exchange, type HeyReachClient, waitFor } from '../client/index.ts';
import type { Log } from '../log.ts';
import type { Safety } from '../safety/safety.ts';
import type { Asking } from './asking.ts';
import type { Tool, ToolContext } from './define.ts';
import type { ErrorTwin } from './results.ts';

/** A progress notification that arrives together with the result is lost by some clients. */
const PROGRESS_GAP_MS = 25;
const MAX_ODD_FIELDS = 20;

/** On whose behalf tools run. */
export interface Caller {
  /** undefined when nobody gave a key. */
  client: HeyReachClient | undefined;
  /** The organization's own client, with its own key. */
  organization: HeyReachClient | undefined;
  source: 'live' | 'sandbox';
  log: Log;
  safety: Safety;
  /** Told of every call that has changed something, or may have. */
  changes: Changes;
  /** The name of the request over HTTP, for logs, errors and the audit trail. */
  requestId?: string | undefined;
  /** The name of the token that was presented, where the key is the server's. */
  token?: string | undefined;
  watch?: ToolWatch | undefined;
  /** Every tool answers within so many milliseconds, follow-up reads included, time that a person is asked apart. */
  toolMs: number;
}

/** Told of every call of a tool that has ended. */
export interface ToolWatch {
  toolEnded(report: ToolReport): void;
}

export interface ToolReport {
  tool: string;
  outcome: 'ok' | 'asked' | 'declined' | ErrorTwin['outcome'];
  ms: number;
}

/** One progress notification; `progress` grows with each. */
export interface Progress {
  progress: number;
  total?: number;
  message: string;
}

/** The MCP request that a tool answers. */
export interface ToolRequest {
  arguments: unknown;
  signal: AbortSignal;
  /** Sends a progress notification, if the client asked for them. */
  notify?: ((progress: Progress) => Promise<void>) | undefined;
  /** How the person behind the client can be asked. */
  asking: Asking;
}

/** What a call left behind for the log, the audit trail and the result's `_meta`. */
export interface Trace {
  attempts: AttemptReport[];
  oddFields: string[];
  /** Resolves when a request that outlived its caller has ended. */
  late: Promise<Exchange>;
  onLate(exchange: Exchange): void;
}

export function openTrace(): Trace {
  let onLate: Trace['onLate'] = () => {};
  const late = new Promise<Exchange>((resolve) => {
    onLate = resolve;
  });
  return { attempts: [], oddFields: [], late, onLate: (exchange) => onLate(exchange) };
}

/** The attempt that outlived its caller gets the end it had, too. */
function noteLate({ attempts }: Trace, exchange: Exchange): void {
  const ended = exchange.type === 'answer' ? exchange.status : exchange.reason;
  const left = attempts.find((one) => one.isUnclear && (one.ended === 'cancelled' || one.ended === 'deadline'));
  if (left !== undefined) left.ended = `${left.ended}, later ${ended}`;
}

/** A call of a tool, from its arguments as read to its end. */
export interface Job {
  tool: Tool;
  input: Record<string, unknown>;
  confirmToken: string | undefined;
  request: ToolRequest;
  caller: Caller;
  client: HeyReachClient;
  trace: Trace;
  /** ms since the epoch; moved on while a person is asked. */
  deadline: number;
}

/**
 * What a tool is given to run with; made anew after a person was asked, so that everything is read afresh.
 * @param beforeChange called before each request that is no read; what it throws keeps the request from leaving.
 */
export function openContext(job: Job, beforeChange?: () => Promise<void>): ToolContext {
  const { tool, input, request, caller, client, trace, deadline } = job;
  const { signal, notify } = request;
  const reads = new Map<string, Promise<unknown>>();
  return {
    client,
    source: caller.source,
    full: input.detail === 'full',
    sends: caller.safety.sendsOf(client.fingerprint),
    isAsked: tool.asks !== 'no' && caller.safety.confirm === 'ask',
    call: {
      signal,
      deadline,
      beforeChange,
      observe: (report) => trace.attempts.push(report),
      onLate: (ended) => {
        caller.log.warn(
          { tool: tool.name, ended: ended.type === 'answer' ? ended.status : ended.reason },
          'a request ended after its caller had left',
        );
        noteLate(trace, ended);
        trace.onLate(ended);
      },
      onOddFields: (paths) => trace.oddFields.push(...paths.slice(0, MAX_ODD_FIELDS)),
    },
    async progress(done, total, message) {
      if (notify === undefined) return;
      // Whoever listened may have gone: that must not decide a call.
      await notify({ progress: done, total, message }).catch(() => {});
      await waitFor(PROGRESS_GAP_MS, signal);
    },
    wait: (ms) => waitFor(Math.min(ms, deadline - Date.now()), signal),
    readFirst(name, read) {
      const made = reads.get(name) ?? read();
      reads.set(name, made);
      return made as ReturnType<typeof read>;
    },
  };
}
