import { createServer, type Socket } from 'node:net';

/** A request exactly as received over the socket. */
export interface RecordedRequest {
  method: string;
  /** Path and query, raw. */
  path: string;
  /** Header names in lower case. */
  headers: Record<string, string>;
  /** Header lines as received. */
  head: string;
  body: string;
}

export interface StubAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, and a string unchanged. undefined for no body. */
  body?: unknown;
}

export interface HeyReachStub {
  url: string;
  requests: RecordedRequest[];
  /** The number of open connections. */
  open(): number;
  /** Sets the answer to each request. The default is an empty 200. */
  answer(decide: (request: RecordedRequest, index: number) => StubAnswer | Promise<StubAnswer>): void;
  close(): Promise<void>;
}

/** A raw socket that records every received byte and sends the answers of a test, without an HTTP library. */
export async function startStub(): Promise<HeyReachStub> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let decide: (request: RecordedRequest, index: number) => StubAnswer | Promise<StubAnswer> = () => ({});
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let buffered = Buffer.alloc(0);
    socket.on('data', async (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (let request = takeRequest(); request !== undefined; request = takeRequest()) {
        requests.push(request);
        const answer = await decide(request, requests.length - 1);
        if (!socket.destroyed) socket.write(toBytes(answer));
      }
    });
    function takeRequest(): RecordedRequest | undefined {
      const end = buffered.indexOf('\r\n\r\n');
      if (end === -1) return undefined;
      const head = buffered.subarray(0, end).toString('latin1');
      const [first = '', ...lines] = head.split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const length = Number(headers['content-length'] ?? 0);
      if (buffered.length < end + 4 + length) return undefined;
      const body = buffered.subarray(end + 4, end + 4 + length).toString('utf8');
      buffered = buffered.subarray(end + 4 + length);
      const [method = '', path = ''] = first.split(' ');
      return { method, path, headers, head, body };
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    open: () => sockets.size,
    answer(next) {
      decide = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toBytes({ status = 200, headers = {}, body }: StubAnswer): Buffer {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const payload = Buffer.from(text);
  const all = {
    'content-length': String(payload.length),
    ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Stub\r\n${lines.join('')}\r\n`), payload]);
}
