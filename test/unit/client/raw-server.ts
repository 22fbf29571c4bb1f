import { createServer, type Socket } from 'node:net';

/** A whole request as received over the socket. */
export interface RawRequest {
  method: string;
  path: string;
  /** The request line and the header lines. */
  head: string;
  body: string;
}

export interface RawServer {
  url: string;
  requests: RawRequest[];
  /** The number of connections since the start. */
  connections(): number;
  /** The number of open connections. */
  open(): number;
  /** Sets the reaction to the socket of each request. The default is no response. */
  behave(act: (socket: Socket, index: number, request: RawRequest) => void): void;
  /** Accepts no further connection. */
  stopListening(): void;
  close(): Promise<void>;
}

/** A raw socket server that can do what an HTTP server cannot: reset, send partial bodies, stay silent. */
export async function startRawServer(): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  let connections = 0;
  let act: (socket: Socket, index: number, request: RawRequest) => void = () => {};
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let buffered = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      buffered += chunk;
      for (;;) {
        const end = buffered.indexOf('\r\n\r\n');
        if (end === -1) return;
        const head = buffered.slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (buffered.length < end + 4 + length) return;
        const [method = '', path = ''] = head.split(' ');
        const request = { method, path, head, body: buffered.slice(end + 4, end + 4 + length) };
        buffered = buffered.slice(end + 4 + length);
        requests.push(request);
        act(socket, requests.length - 1, request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    connections: () => connections,
    open: () => sockets.size,
    behave(next) {
      act = next;
    },
    stopListening: () => void server.close(),
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The bytes of a response with a Content-Length. */
export function answer(status: number, body = '', headers: Record<string, string> = {}): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Made up\r\n${lines.join('')}\r\n${body}`;
}
