import { connect, createServer, type Socket } from 'node:net';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { toolTable } from '../../contract/tool-table.ts';
import { type RawRequest, startRawServer } from '../../unit/client/raw-server.ts';
import { freePort } from '../programs/free-port.ts';
import { sampleCalls } from '../tools/sample-calls.ts';

export interface FaultySandbox {
  url: string;
  /** One valid call of every tool that must not be repeated, and of adds that resume a campaign. */
  calls: OnceCall[];
  /** The requests that arrived at a tool's own route. */
  writes(tool: string): RawRequest[];
  /** Sets the reaction to every write that must not be repeated. If it returns `pass`, the sandbox answers. */
  behave(act: (socket: Socket, request: RawRequest) => unknown): void;
  /** Accepts no further connection, and keeps the open ones. */
  refuse(): Promise<void>;
  /** Accepts connections again. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

export type OnceCall = [tool: string, args: Record<string, unknown>];

/** A sandbox behind a raw server: the sandbox answers reads, and the test decides about writes. */
export async function startFaultySandbox(): Promise<FaultySandbox> {
  const sandbox = await startSandbox({ seed: 7, rateLimit: false });
  const server = await startRawServer();
  const calls = onceCalls(sandbox);
  const routes = new Map(calls.map(([tool]) => [tool, routeOf(tool)]));
  const isWrite = (request: RawRequest) => [...routes.values()].some((route) => route.test(lineOf(request)));
  let act: Parameters<FaultySandbox['behave']>[0] = () => 'pass';
  server.behave((socket, _index, request) => {
    if (isWrite(request) && act(socket, request) !== 'pass') return;
    void passOn(request, sandbox.url).then((bytes) => socket.destroyed || socket.write(bytes));
  });
  const gate = await startGate(server.url);
  return {
    url: gate.url,
    calls,
    writes: (tool) => server.requests.filter((request) => routes.get(tool)?.test(lineOf(request))),
    behave(next) {
      act = next;
    },
    refuse: gate.refuse,
    accept: gate.accept,
    async close() {
      await server.close();
      await gate.refuse();
      await sandbox.close();
    },
  };
}

function onceCalls({ workspace }: Sandbox): OnceCall[] {
  const isOnce = new Set(toolTable.filter(({ retry }) => retry === 'never').map(({ name }) => name));
  const samples = sampleCalls(workspace);
  const adds = samples.filter(([tool]) => tool.startsWith('add_leads_to_campaign'));
  // A running campaign is not resumed. Only the flag of the call matters here.
  const resuming = adds.map(([tool, args]): OnceCall => [tool, { ...args, resumePausedCampaign: true }]);
  return [...samples.filter(([tool]) => isOnce.has(tool)), ...resuming];
}

/** Matches the request line of a tool's own route. */
function routeOf(tool: string): RegExp {
  const [method, path = ''] = toolTable.find(({ name }) => name === tool)!.operation.split(' ');
  return new RegExp(`^${method} /api/public${path.replaceAll(/\{\w+\}/g, '[^/?]+')}(\\?|$)`);
}

const lineOf = ({ method, path }: RawRequest) => `${method} ${path}`;

async function passOn({ method, path, head, body }: RawRequest, url: string): Promise<Buffer> {
  const named = head.split('\r\n').filter((line) => /^(x-api-key|content-type):/i.test(line));
  const headers = Object.fromEntries(named.map((line) => line.split(/:\s*/, 2)));
  const sent = body === '' ? {} : { body: Buffer.from(body, 'latin1') };
  const answered = await fetch(`${url}${path}`, { method, headers, ...sent });
  const payload = Buffer.from(await answered.arrayBuffer());
  const top = `HTTP/1.1 ${answered.status} Passed on\r\ncontent-length: ${payload.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(top), payload]);
}

/** Forwards connections to a server. It can stop accepting connections, while open ones continue. */
async function startGate(target: string) {
  const server = createServer((socket) => {
    const onward = connect(Number(new URL(target).port), '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    // A connection that breaks on one side breaks on the other side in the same way.
    for (const [side, other] of [[socket, onward] as const, [onward, socket] as const]) {
      side.on('error', () => other.resetAndDestroy());
      side.on('close', () => other.destroy());
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const port = await freePort();
  await listen(port);
  return {
    url: `http://127.0.0.1:${port}`,
    refuse: async () => void server.close(),
    accept: () => listen(port),
  };
}
