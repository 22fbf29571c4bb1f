import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { startPiped, stop } from './children.ts';

export const INITIALIZE = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

/** A server over stdio. It gets plain JSON-RPC, so that no client library costs time. */
export interface StdioServer {
  child: ChildProcess;
  /** @returns the line of the response. */
  request(method: string, params: object): Promise<string>;
  stop(): Promise<void>;
}

/** Starts and initializes a server. */
export async function startStdioServer(args: readonly string[], env: Record<string, string>): Promise<StdioServer> {
  const child = startPiped(args, env);
  const waiting = new Map<number, (line: string) => void>();
  let failed: (error: Error) => void = () => {};
  const gone = new Promise<never>((_, reject) => {
    failed = reject;
  });
  gone.catch(() => {});
  child.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id } = JSON.parse(line) as { id?: number };
    if (id === undefined) return;
    waiting.get(id)?.(line);
    waiting.delete(id);
  });
  let last = 0;
  const request = (method: string, params: object) => {
    last += 1;
    const id = last;
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise<string>((resolve) => waiting.set(id, resolve));
  };
  await request('initialize', INITIALIZE);
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  return { child, request, stop: () => stop(child) };
}

/** The median latency of sequential requests, in milliseconds. */
export async function roundTripMs(requests: number, send: () => Promise<unknown>): Promise<number> {
  const latencies: number[] = [];
  for (let sent = 0; sent < requests; sent += 1) {
    const began = performance.now();
    await send();
    latencies.push(performance.now() - began);
  }
  return latencies.sort((a, b) => a - b)[Math.floor(requests / 2)]!;
}

/** Requests per second, with a fixed number in flight. */
export async function requestsPerSecond(
  requests: number,
  inFlight: number,
  send: () => Promise<unknown>,
): Promise<number> {
  let sent = 0;
  const sender = async () => {
    while (sent < requests) {
      sent += 1;
      await send();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, sender));
  return (requests * 1_000) / (performance.now() - began);
}
