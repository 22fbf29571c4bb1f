import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JournalLine } from '../../support/programs/job-programs.ts';
import { ADA } from '../../support/tools/job-calls.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WRITER = fileURLToPath(new URL('programs/chunk-writer.ts', import.meta.url));
const CHUNKS = 19;

let folder: string;
let server: Server;
let sent: { chunk: number; mayBeDone: boolean }[];
/** Receives each chunk, and answers it. */
let onChunk: (chunk: number, response: ServerResponse) => void;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heyreach-state-'));
  sent = [];
  onChunk = (_chunk, response) => response.end('100');
  server = createServer(async (request, response) => {
    const body = await new Response(request as never).text();
    sent.push(JSON.parse(body));
    onChunk(sent.at(-1)!.chunk, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function start(resumeJob?: string) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['--import', 'tsx', WRITER, folder, url, ...(resumeJob === undefined ? [] : [resumeJob])];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  return { child, ended: once(child, 'close').then(() => stdout) };
}

const jobId = () =>
  readdirSync(join(folder, 'jobs', ADA))
    .find((name) => name.endsWith('.jsonl'))!
    .slice(0, -6);
const journal = () =>
  readFileSync(join(folder, 'jobs', ADA, `${jobId()}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);

/** Kills a writer after HeyReach received the chunk and before it answers. */
async function killAt(chunk: number, resumeJob?: string): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    onChunk = (at, response) => (at === chunk ? resolve() : response.end('100'));
  });
  const { child, ended } = start(resumeJob);
  await reached;
  child.kill('SIGKILL');
  await ended;
  onChunk = (_chunk, response) => response.end('100');
}

test('a job killed after its seventh chunk sends the rest, and repeats and marks one chunk', async () => {
  await killAt(7);
  const id = jobId();
  // The line was on the disk before the request.
  expect(journal().at(-1)).toMatchObject({ type: 'sending', chunk: 7 });
  expect(sent.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const { ended } = start(id);
  expect(JSON.parse(await ended)).toEqual({ added: CHUNKS * 100, recounted: [7] });
  expect(sent.slice(8).map(({ chunk }) => chunk)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  expect(sent.filter(({ mayBeDone }) => mayBeDone)).toEqual([{ chunk: 7, mayBeDone: true }]);
  expect(journal().at(-1)).toMatchObject({ type: 'ended', state: 'done' });
});

test('a job killed three times repeats at most one chunk each time', async () => {
  await killAt(3);
  await killAt(3, jobId());
  await killAt(11, jobId());
  const { ended } = start(jobId());
  expect(JSON.parse(await ended)).toEqual({ added: CHUNKS * 100, recounted: [3, 11] });
  const times = (chunk: number) => sent.filter((attempt) => attempt.chunk === chunk).length;
  expect(Array.from({ length: CHUNKS }, (_, chunk) => times(chunk))).toEqual(
    Array.from({ length: CHUNKS }, (_, chunk) => ({ 3: 3, 11: 2 })[chunk] ?? 1),
  );
});

test('a job that ends with SIGTERM repeats nothing', async () => {
  let finish = () => {};
  const reached = new Promise<void>((resolve) => {
    onChunk = (chunk, response) => {
      if (chunk !== 5) return void response.end('100');
      finish = () => response.end('100');
      resolve();
    };
  });
  const { child, ended } = start();
  await reached;
  child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  finish();
  expect(JSON.parse(await ended)).toMatchObject({ added: 600, job: { state: 'interrupted', done: 6, total: CHUNKS } });
  onChunk = (_chunk, response) => response.end('100');
  expect(JSON.parse(await start(jobId()).ended)).toEqual({ added: CHUNKS * 100, recounted: [] });
  expect(sent.map(({ chunk }) => chunk)).toEqual(Array.from({ length: CHUNKS }, (_, chunk) => chunk));
});
