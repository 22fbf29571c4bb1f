import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startForked } from './children.ts';

/** A load for the load client. */
export interface Load {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Every response must contain this text. */
  expected: string;
  connections: number;
  requests: number;
}

export type LoadReport = { requestsPerSecond: number; p50Ms: number } | { error: string };

/** A client in its own process, so that its cost does not count as the server's. */
export class LoadClient {
  readonly #child: ChildProcess;

  constructor(file: string) {
    this.#child = startForked(file);
  }

  /** @throws Error when a response is not as expected. */
  async put(load: Load): Promise<{ requestsPerSecond: number; p50Ms: number }> {
    this.#child.send(load);
    const [report] = (await once(this.#child, 'message')) as [LoadReport];
    if ('error' in report) throw new Error(`${load.url}: ${report.error}`);
    return report;
  }
}

/** Protocol revisions with different requests. */
export const ERAS = ['2026-07-28', '2025-11-25'] as const;
export type Era = (typeof ERAS)[number];

/** A request of a client of that era. */
export function httpRequest(era: Era, method: string, params: { name?: string }): Pick<Load, 'headers' | 'body'> {
  const modern = era === '2026-07-28';
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': era,
      ...(modern ? { 'mcp-method': method } : {}),
      ...(modern && params.name !== undefined ? { 'mcp-name': params.name } : {}),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: modern ? { ...params, _meta } : params }),
  };
}
