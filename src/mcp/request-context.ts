import type { ServerContext } from '@modelcontextprotocol/server';
import { type AttemptReport, type HeyReachClient, HeyReachError, type HttpResult, sleep } from '../client/index.ts';
import { parseTraceContext, type TraceContext, traceFields } from '../lib/trace-context.ts';
import type { ToolInstrumentation } from '../observability/events.ts';
import { childLog, type Log } from '../observability/log.ts';
import type { Safety } from '../safety/index.ts';
import type { SendLock } from '../state/sends.ts';
import type { ElicitationMode } from './confirmation/types.ts';
import type { Mode } from './modes.ts';
import { jobFailureOf, jobResultOf } from './results/tool-result.ts';
import type { BookmarkHost } from './services/bookmarks.ts';
import type { FileHost } from './services/caller-files.ts';
import type { ChangeEvents } from './services/change-events.ts';
import type { JobHost } from './services/job-host.ts';
import type { LocalFiles } from './services/local-files.ts';
import type { Tool, ToolContext, ToolResult } from './tool.ts';
import type { Workspaces } from './workspaces.ts';

/** Some clients lose a progress notification that arrives together with the result. */
const PROGRESS_GAP_MS = 25;
const MAX_UNEXPECTED_FIELDS = 20;

/** The caller of a request, and the services that its calls use. */
export interface RequestContext {
  /** undefined when neither the request nor the server has a key. */
  client: HeyReachClient | undefined;
  /** The workspaces among which calls choose. undefined where there is one. */
  workspaces?: Workspaces | undefined;
  /** The name of the workspace that a call has chosen. */
  workspace?: string | undefined;
  /** The client with the key of the organization. */
  organization: HeyReachClient | undefined;
  source: 'live' | 'sandbox';
  log: Log;
  safety: Safety;
  jobs: JobHost;
  files: FileHost;
  /** undefined where the server reads no file of its machine. */
  localFiles?: LocalFiles | undefined;
  bookmarks?: BookmarkHost | undefined;
  /** Emits every call that has or may have changed something. */
  changes: ChangeEvents;
  /** The request id over HTTP, for logs, errors and the audit log. */
  requestId?: string | undefined;
  /** The trace that the request names in its `_meta`, or in its HTTP headers. */
  trace?: TraceContext | undefined;
  /** The name of the caller's bearer token, where the key is the server's. */
  token?: string | undefined;
  /** The user of the caller's access token, where the key is the server's. */
  user?: CallerUser | undefined;
  instrumentation?: ToolInstrumentation | undefined;
  /** The time for a call in milliseconds, follow-up reads included. The time of a confirmation is added. */
  toolMs: number;
}

/**
 * The context of a request in the trace that its `_meta` names (SEP-414). Without one, the trace of the HTTP header stays.
 * A trace that holds the caller's key is ignored, since log and audit log show it.
 */
export function withTrace(context: RequestContext, meta: { [name: string]: unknown } | undefined): RequestContext {
  const trace = parseTraceContext(meta);
  if (trace === undefined) return context;
  const fields = traceFields(trace);
  const text = Object.values(fields).join(' ');
  const clients = [context.client, context.organization].filter((client) => client !== undefined);
  if (clients.some((client) => client.hideKey(text) !== text)) return context;
  return { ...context, trace, log: childLog(context.log, fields) };
}

/** A user who signed in at the issuer of access tokens. */
export interface CallerUser {
  /** Identifies the user across access tokens and OAuth clients. */
  id: string;
  /** The issuer and the subject. */
  name: string;
  /** The OAuth client that acts for the user. */
  client: string | undefined;
}

/** The client of a call. Tools of an organization use the key of the organization. */
export function clientOf({ toolset }: Pick<Tool, 'toolset'>, context: RequestContext): HeyReachClient | undefined {
  return toolset === 'organization' ? context.organization : context.client;
}

/** Identifies a caller by its key and, where the key is the server's, by its bearer token or its user. */
export function callerOf(client: HeyReachClient, { token, user }: Pick<RequestContext, 'token' | 'user'>): string {
  // The name of a token has no space.
  if (user !== undefined) return `${client.fingerprint} user ${user.id}`;
  return token === undefined ? client.fingerprint : `${client.fingerprint} ${token}`;
}

/** One progress notification. `progress` grows with each notification. */
export interface Progress {
  progress: number;
  total?: number;
  message: string;
}

/** Sends the progress notifications of a request. undefined if its client did not request them. */
export function notifierOf({ _meta, notify }: ServerContext['mcpReq']): ToolRequest['notify'] {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (progress) => notify({ method: 'notifications/progress', params: { progressToken, ...progress } });
}

/** The MCP request of a tool call. */
export interface ToolRequest {
  arguments: unknown;
  signal: AbortSignal;
  /** Sends a progress notification. undefined if the client did not request them. */
  notify?: ((progress: Progress) => Promise<void>) | undefined;
  /** How a person can confirm the call. */
  elicitation: ElicitationMode;
  /** The mode of the caller. Default: full. */
  mode?: Mode;
}

/** What a call records for the log, the audit log and the result's `_meta`. */
export interface CallTrace {
  attempts: AttemptReport[];
  unexpectedFields: string[];
  /** The workspace that the call names or gets by default, or `all`. undefined where there is one. */
  workspace?: string | undefined;
  /** Resolves when a request that outlived its call has ended. */
  detached: Promise<HttpResult>;
  onDetachedResult(result: HttpResult): void;
}

/** An empty record for one call. `detached` stays pending unless a request outlives the call. */
export function createCallTrace(): CallTrace {
  let onDetachedResult: CallTrace['onDetachedResult'] = () => {};
  const detached = new Promise<HttpResult>((resolve) => {
    onDetachedResult = resolve;
  });
  return {
    attempts: [],
    unexpectedFields: [],
    detached,
    onDetachedResult: (result) => onDetachedResult(result),
  };
}

/** Adds the end of a request that outlived its call to the attempt that it belongs to. */
function addDetachedEnd({ attempts }: CallTrace, end: string | number): void {
  const attempt = attempts.find(({ isUnclear, ended }) => isUnclear && (ended === 'cancelled' || ended === 'deadline'));
  if (attempt !== undefined) attempt.ended = `${attempt.ended}, later ${end}`;
}

/** The error of a call. Where its earlier requests only read, the words of `not_sent` say so. */
export function markAfterReads({ attempts }: CallTrace, error: HeyReachError): HeyReachError {
  const isRead = ({ retry, ended }: AttemptReport) => retry === 'safe' && typeof ended === 'number';
  return attempts.length > 0 && attempts.every(isRead) ? error.asAfterReads() : error;
}

/** One `tools/call` with valid arguments. */
export interface ToolCall {
  tool: Tool;
  input: Record<string, unknown>;
  confirmToken: string | undefined;
  request: ToolRequest;
  requestContext: RequestContext;
  client: HeyReachClient;
  trace: CallTrace;
  /** ms since the epoch. Extended by the time of a confirmation. */
  deadline: number;
}

/** The end of a call that was made, or stopped at the last moment. */
export interface ToolExecution {
  result: ToolResult;
  /** Why it failed, in whole or in part. */
  failure?: HeyReachError | undefined;
  /** Something was done before the failure. */
  isPartial?: boolean;
  /** The work goes on as a job. Resolves when it has ended. */
  continuedAsJob?: Promise<HeyReachError | undefined> | undefined;
}

const SOURCE_META = 'heyreach-mcp/source';

/** Where calls go. A sandbox that runs alone is known after its first response. */
export function sourceOf({ source, client }: Pick<RequestContext, 'source' | 'client'>): RequestContext['source'] {
  return client?.isSandbox() ? 'sandbox' : source;
}

/** Adds to the `_meta` of a result where its data came from: HeyReach itself or the sandbox. */
export function withSource<Result extends { _meta?: Record<string, unknown> | undefined }>(
  result: Result,
  context: Pick<RequestContext, 'source' | 'client'>,
): Result {
  return Object.assign({}, result, { _meta: { [SOURCE_META]: sourceOf(context), ...result._meta } });
}

/**
 * Creates the context of a tool. After a confirmation a new context is created, so that everything is read again.
 * @param beforeWrite called before each request that is not a read. If it throws, the request is not sent.
 * @param lock the lock that the call holds.
 */
export function createToolContext(
  call: ToolCall,
  { beforeWrite, lock }: { beforeWrite?: (() => Promise<void>) | undefined; lock?: SendLock | undefined } = {},
): ToolContext {
  const { tool, input, request, requestContext, client, trace, deadline } = call;
  const { signal, notify } = request;
  const reads = new Map<string, Promise<unknown>>();
  const sends = lazily(() => requestContext.safety.sendsOf(client.fingerprint, lock));
  const files = lazily(() => requestContext.files.ofOwner(client.fingerprint));
  const jobs = lazily(() =>
    requestContext.jobs.ofCall({
      owner: client.fingerprint,
      kind: tool.name,
      workspace: requestContext.workspace,
      resultOf: (output) => jobResultOf(tool, output, input.detail === 'full'),
      failureOf: (error) =>
        jobFailureOf(tool, error instanceof HeyReachError ? markAfterReads(trace, error) : error, input),
      outlive(jobSignal) {
        call.deadline = Number.POSITIVE_INFINITY;
        call.request = { ...request, signal: jobSignal, notify: undefined };
      },
    }),
  );
  return {
    client,
    source: requestContext.source,
    full: input.detail === 'full',
    get sends() {
      return sends();
    },
    changes: requestContext.changes,
    get jobs() {
      return jobs();
    },
    get files() {
      return files();
    },
    localFiles: requestContext.localFiles,
    doNotContact: requestContext.safety.doNotContact,
    bookmarks: requestContext.bookmarks?.ofOwner(client.fingerprint),
    isConfirmed: tool.confirmation !== 'never' && requestContext.safety.confirm !== 'off',
    call: {
      signal,
      deadline,
      beforeWrite,
      observe: (report) => trace.attempts.push(report),
      onDetachedResult: (result) => {
        const end = result.type === 'response' ? result.status : result.reason;
        requestContext.log.warn({ tool: tool.name, ended: end }, 'a request ended after its call');
        addDetachedEnd(trace, end);
        trace.onDetachedResult(result);
      },
      onUnexpectedFields: (paths) => trace.unexpectedFields.push(...paths.slice(0, MAX_UNEXPECTED_FIELDS)),
    },
    async progress(done, total, message) {
      if (notify === undefined) return;
      // The client may have disconnected, which must not change the call.
      await notify({ progress: done, total, message }).catch(() => {});
      await sleep(PROGRESS_GAP_MS, signal);
    },
    wait: (ms) => sleep(Math.min(ms, deadline - Date.now()), signal),
    memoizedRead(name, read) {
      const result = reads.get(name) ?? read();
      reads.set(name, result);
      return result as ReturnType<typeof read>;
    },
  };
}

/** Makes a service when a tool first asks for it: most calls use none. */
function lazily<Service extends object>(make: () => Service): () => Service {
  let service: Service | undefined;
  return () => {
    service ??= make();
    return service;
  };
}
