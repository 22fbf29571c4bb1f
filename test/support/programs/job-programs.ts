import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { fingerprintKey } from '../../../src/client/index.ts';
import {
  type ClientKind,
  connectHttp,
  connectStdio,
  type McpPeer,
  type Progress,
  type ToolResult,
} from '../clients/clients.ts';
import { type HeyReachStub, startStub } from '../heyreach/heyreach-stub.ts';
import { TEST_KEY } from '../runs/keys.ts';
import { type HttpProgram, startHttpProgram } from './program.ts';

export interface Job {
  id: string;
  state: string;
  done: number;
  total: number;
  requests: number;
}

export const jobIn = ({ structuredContent }: ToolResult) => structuredContent?.job as Job;

/** A line of a journal. */
export interface JournalLine {
  type: string;
  state?: string;
  chunk?: number;
  recounted?: boolean;
}

export interface JobPrograms {
  stub: HeyReachStub;
  /** HEYREACH_STATE_DIR. */
  folder: string;
  environment(further?: Record<string, string>): Record<string, string>;
  startHttp(further?: Record<string, string>): Promise<HttpProgram>;
  connect(program: HttpProgram, key?: string, client?: ClientKind): Promise<McpPeer>;
  startStdio(client?: ClientKind, further?: Record<string, string>): Promise<McpPeer>;
  journalOf(id: string): JournalLine[];
}

/**
 * For the tests of one file: the built program with a stub, and a folder for its jobs. A call has 80 % of 2 s, so its
 * work becomes a job after 1.6 s.
 */
export function useJobPrograms(): JobPrograms {
  let stub: HeyReachStub;
  let folder: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    stub = await startStub();
    folder = mkdtempSync(join(tmpdir(), 'heyreach-state-'));
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await stub.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const environment = (further: Record<string, string> = {}) => ({
    HEYREACH_TOOL_TIMEOUT_SECONDS: '3',
    HEYREACH_BASE_URL: stub.url,
    HEYREACH_STATE_DIR: folder,
    ...further,
  });
  return {
    get stub() {
      return stub;
    },
    get folder() {
      return folder;
    },
    environment,
    async startHttp(further = {}) {
      const program = await startHttpProgram({ env: environment(further) });
      ends.push(() => program.stop());
      return program;
    },
    async connect(program, key = TEST_KEY, client = 'v1') {
      const peer = await connectHttp(client, program.url, { 'x-api-key': key });
      ends.push(() => peer.close());
      return peer;
    },
    async startStdio(client = 'v1', further = {}) {
      const peer = await connectStdio(client, { env: environment({ HEYREACH_API_KEY: TEST_KEY, ...further }) });
      ends.push(() => peer.close());
      return peer;
    },
    journalOf(id) {
      const path = join(folder, 'jobs', fingerprintKey(TEST_KEY), `${id}.jsonl`);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as JournalLine);
    },
  };
}

/** Starts work on a slow inbox, which becomes a job. */
export async function beginJob(peer: McpPeer): Promise<Job> {
  return jobIn(await peer.callTool('list_unanswered', { linkedInAccountIds: [170001] }));
}

/** Waits for the end of a job as a model does, call by call. */
export async function waitForJob(
  peer: McpPeer,
  jobId: string,
  onprogress?: (progress: Progress) => void,
): Promise<ToolResult> {
  for (;;) {
    const result = await peer.callTool('get_job', { jobId }, onprogress === undefined ? {} : { onprogress });
    if (jobIn(result)?.state !== 'running') return result;
  }
}
