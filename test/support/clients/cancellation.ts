import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { answer, startRawServer } from '../../unit/client/raw-server.ts';
import { recordOutput } from '../programs/output.ts';
import { startHttpProgram, startProgram, stopChild } from '../programs/program.ts';
import { TEST_KEY } from '../runs/keys.ts';
import { now } from '../runs/timing.ts';
import { type ClientKind, connectHttp, connectStdio, type Person } from './clients.ts';

/** A request that reached HeyReach. It stays in flight until a test replies to it. */
export interface Arrival {
  /** `POST /campaign/Pause`, without the query. */
  route: string;
  /** Resolves with the time at which its socket closed (ms since the epoch, with fractions). */
  closed: Promise<number>;
  reply(status: number, body?: unknown, headers?: Record<string, string>): void;
}

export interface Upstream {
  url: string;
  arrivals: Arrival[];
  /** The number of open sockets. */
  open(): number;
  /** Receives each request and may reply to it. By default no request gets a reply. */
  react(with_: (arrival: Arrival, index: number) => void): void;
  /** The next request that arrives from now on. */
  next(): Promise<Arrival>;
  close(): Promise<void>;
}

/** A HeyReach of raw sockets that reports when each of them closes. */
export async function startUpstream(): Promise<Upstream> {
  const raw = await startRawServer();
  const arrivals: Arrival[] = [];
  const ends = new WeakMap<Socket, Promise<number>>();
  let react: (arrival: Arrival, index: number) => void = () => {};
  let awaited: ((arrival: Arrival) => void)[] = [];
  raw.behave((socket, _, { method, path }) => {
    // `once` of node:events would reject where the program resets the connection.
    const closed = ends.get(socket) ?? new Promise((resolve) => socket.once('close', () => resolve(now())));
    ends.set(socket, closed);
    const arrival: Arrival = {
      route: `${method} ${path.replace('/api/public', '').replace(/\?.*/, '')}`,
      closed,
      reply(status, body, headers) {
        if (!socket.destroyed) socket.write(answer(status, body === undefined ? '' : JSON.stringify(body), headers));
      },
    };
    arrivals.push(arrival);
    for (const tell of awaited.splice(0)) tell(arrival);
    react(arrival, arrivals.length - 1);
  });
  return {
    url: raw.url,
    arrivals,
    open: raw.open,
    react(next) {
      react = next;
    },
    next: () => new Promise((resolve) => awaited.push(resolve)),
    async close() {
      awaited = [];
      await raw.close();
    },
  };
}

/** A call that can be cancelled. */
export interface Call {
  /** Its JSON-RPC id, if the test wrote the message itself. */
  id?: number;
  cancel(): void;
}

/** The program, with a client. */
export interface Host {
  /** @param progress whether the client asks for progress, which makes some answers a stream. */
  call(tool: string, args?: object, progress?: boolean): Call;
  stderr(): string;
  child?: ChildProcess;
  /** The URL of the program over HTTP. */
  url?: string;
  /** Ends the program as its host would. @returns its exit code, if it is known. */
  stop(): Promise<number | null>;
}

export interface HostOptions {
  upstream: string;
  args?: string[];
  env?: Record<string, string>;
  person?: Person;
}

/** A client, a protocol era and a transport, with their form of a cancellation. */
export interface Way {
  name: string;
  start(options: HostOptions): Promise<Host>;
}

const flags = ({ args = [] }: HostOptions) => ['--confirm', 'off', ...args];
const environment = ({ upstream, env }: HostOptions) => ({
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_BASE_URL: upstream,
  ...env,
});

const INFO = { name: 'raw', version: '1' };
/** The envelope of each request of 2026-07-28. */
export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': INFO,
  'io.modelcontextprotocol/clientCapabilities': {},
};
const callMessage = (id: number, name: string, args: object, meta: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }) },
});
export const cancelMessage = (requestId: unknown, meta?: object) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId, reason: 'enough', ...(meta === undefined ? {} : { _meta: meta }) },
});
const initializeMessage = (capabilities: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities, clientInfo: INFO },
});

/** A program over stdio whose lines the test writes itself. */
export interface LinesHost extends Host {
  child: ChildProcess;
  send(...messages: object[]): void;
  stdout(): string;
}

/** Starts the program over stdio in one era, for a test that writes JSON lines. */
export async function startLines(
  era: '2025' | '2026',
  options: HostOptions,
  capabilities: object = {},
): Promise<LinesHost> {
  const child = await startProgram({ args: flags(options), env: environment(options) });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    recordOutput(String(chunk));
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
    recordOutput(String(chunk));
  });
  child.stdin?.on('error', () => {});
  const send = (...messages: object[]) => {
    child.stdin?.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  };
  const meta = era === '2026' ? ENVELOPE : undefined;
  if (era === '2025') send(initializeMessage(capabilities), { jsonrpc: '2.0', method: 'notifications/initialized' });
  let lastId = 1;
  return {
    child,
    send,
    stdout: () => stdout,
    stderr: () => stderr,
    call(tool, args = {}, progress = false) {
      lastId += 1;
      const id = lastId;
      send(callMessage(id, tool, args, { ...meta, ...(progress ? { progressToken: id } : {}) }));
      return { id, cancel: () => send(cancelMessage(id, meta)) };
    },
    async stop() {
      child.stdin?.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

/** Starts the program over HTTP, for a test that makes single POSTs, each over its own connection. */
async function startPosts(era: '2025' | '2026', options: HostOptions, by: 'closing' | 'notification'): Promise<Host> {
  const program = await startHttpProgram({ args: flags(options), env: environment(options) });
  const post = (message: { method: string; params: object }, headers: Record<string, string> = {}) => {
    const { name } = message.params as { name?: string };
    const all = {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': era === '2026' ? '2026-07-28' : '2025-06-18',
      ...(era === '2026' ? { 'mcp-method': message.method, ...(name === undefined ? {} : { 'mcp-name': name }) } : {}),
      ...headers,
    };
    const made = httpRequest(program.url, { method: 'POST', agent: false, headers: all }, (response) => {
      response.on('data', (chunk) => recordOutput(String(chunk))).on('error', () => {});
    });
    made.on('error', () => {});
    made.end(JSON.stringify(message));
    return made;
  };
  const session: Record<string, string> = {};
  if (by === 'notification') {
    const [response] = await once(post(initializeMessage()), 'response');
    session['mcp-session-id'] = String(response.headers['mcp-session-id']);
  }
  const meta = era === '2026' ? ENVELOPE : {};
  let lastId = 1;
  return {
    child: program.process,
    url: program.url,
    stderr: program.stderr,
    call(tool, args = {}, progress = false) {
      lastId += 1;
      const id = lastId;
      const message = callMessage(id, tool, args, { ...meta, ...(progress ? { progressToken: id } : {}) });
      const made = post(message, session);
      const cancel = by === 'closing' ? () => made.destroy() : () => post(cancelMessage(id), session);
      return { id, cancel: () => void cancel() };
    },
    stop: () => stopChild(program.process),
  };
}

/** The program, and a client of an SDK that cancels with its AbortSignal. */
async function startClient(kind: ClientKind, transport: 'stdio' | 'HTTP', options: HostOptions): Promise<Host> {
  const env = environment(options);
  const args = flags(options);
  const program = transport === 'stdio' ? undefined : await startHttpProgram({ args, env });
  const peer = await (program === undefined
    ? connectStdio(kind, { args, env, ...(options.person === undefined ? {} : { person: options.person }) })
    : connectHttp(kind, program.url, {}, options.person));
  return {
    stderr: program?.stderr ?? peer.stderr,
    ...(program === undefined ? {} : { child: program.process }),
    call(tool, input = {}, progress = false) {
      const leaving = new AbortController();
      const onprogress = progress ? { onprogress: () => {} } : {};
      void peer.callTool(tool, input, { signal: leaving.signal, ...onprogress }).catch(() => {});
      return { cancel: () => leaving.abort('enough') };
    },
    async stop() {
      await peer.close();
      return program === undefined ? null : program.stop();
    },
  };
}

/** Every way to make and cancel a call: by hand, and with the clients that hosts use. */
export const WAYS: Way[] = [
  { name: 'stdio 2025, by a line', start: (options) => startLines('2025', options) },
  { name: 'stdio 2026-07-28, by a line', start: (options) => startLines('2026', options) },
  { name: 'HTTP 2025, by closing', start: (options) => startPosts('2025', options, 'closing') },
  { name: 'HTTP 2025, by a notification', start: (options) => startPosts('2025', options, 'notification') },
  { name: 'HTTP 2026-07-28, by closing', start: (options) => startPosts('2026', options, 'closing') },
  ...(['v1', 'v2-legacy', 'v2-modern'] as const).flatMap((kind): Way[] =>
    (['stdio', 'HTTP'] as const).map((transport) => ({
      name: `${transport}, ${kind} client`,
      start: (options) => startClient(kind, transport, options),
    })),
  ),
];

export interface LogLine {
  time: number;
  msg: string;
  tool?: string;
  error?: string;
  outcome?: string;
  attempts?: string[];
}

/** The log lines about calls that ended, in order. */
export function endedCalls({ stderr }: Host): LogLine[] {
  const whole = stderr().split('\n').slice(0, -1);
  const lines = whole.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  return lines.filter(({ tool, attempts }) => tool !== undefined && attempts !== undefined);
}
