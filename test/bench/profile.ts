// `npm run profile`: where the CPU time of a call goes, over stdio and over HTTP in both eras.
// Profiles our server with V8's sampling profiler under the load of the benchmark, and writes the table in docs/performance.md.
// --json prints the shares instead.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPrograms } from './build.ts';
import { startListening, stop, stopAll } from './children.ts';
import { callOver, callsOf } from './field.ts';
import { writeBlock } from './generated-block.ts';
import { ERAS, LoadClient } from './http.ts';
import { startStdioServer } from './stdio.ts';

const CALLS = 4_000;
/** Groups below this share of every column are added up as `other`. */
const MIN_SHARE = 1.5;

/** What V8 writes. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Percent of the CPU time by group. */
type Shares = Map<string, number>;

const maps = new Map<string, SourceMap | undefined>();

function sourceMapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) {
    const text = readFileSync(`${file}.map`, 'utf8');
    maps.set(file, new SourceMap(JSON.parse(text) as SourceMapPayload));
  }
  return maps.get(file);
}

/** Our folder, the package or the part of node that a function belongs to. */
function groupOf({ functionName, url, lineNumber, columnNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'node and V8';
  if (!url.startsWith('file:') || url.includes('/node_modules/undici/'))
    return url.includes('undici') ? 'undici' : 'node and V8';
  const file = fileURLToPath(url);
  const entry = file.includes('/.cache/') ? sourceMapOf(file)?.findEntry(lineNumber, columnNumber) : undefined;
  const source =
    entry !== undefined && 'originalSource' in entry ? new URL(String(entry.originalSource), url).pathname : file;
  const dependency = /.*node_modules\/((?:@[^/]+\/)?[^./][^/]*)/.exec(source)?.[1];
  if (dependency !== undefined) return dependency;
  const ours = /\/src\/(?:([^/]+)\/)?/.exec(source);
  return ours === null ? 'unattributed' : `ours: ${ours[1] ?? 'server.ts'}`;
}

function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Shares {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id)!;
    if (frame.functionName === '(idle)') return;
    const group = groupOf(frame);
    times.set(group, (times.get(group) ?? 0) + timeDeltas[index]!);
    total += timeDeltas[index]!;
  });
  return new Map([...times].map(([group, time]) => [group, (100 * time) / total]));
}

/** Runs a load against a server with the profiler on. */
async function profile(load: (nodeArgs: string[]) => Promise<void>): Promise<Shares> {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-profile-'));
  try {
    await load(['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const [file] = readdirSync(folder);
    return sharesOf(JSON.parse(readFileSync(join(folder, file!), 'utf8')) as CpuProfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function profileAll(): Promise<Map<string, Shares>> {
  const programs = await buildPrograms();
  try {
    const upstream = await startListening([programs.upstream]);
    const env = { HEYREACH_BASE_URL: upstream.url, HEYREACH_API_KEY: 'made-up-key-of-the-bench' };
    const client = new LoadClient(programs.load);
    const columns = new Map<string, Shares>();
    const overStdio = async (nodeArgs: string[]) => {
      const server = await startStdioServer([...nodeArgs, programs.unlimited], env);
      for (let sent = 0; sent < CALLS; sent += 1) await callOver(server);
      await server.stop();
    };
    columns.set('stdio', await profile(overStdio));
    for (const era of ERAS) {
      const overHttp = async (nodeArgs: string[]) => {
        const args = [...nodeArgs, programs.unlimited, '--transport', 'http', '--port', '0'];
        const { url, child } = await startListening(args, env);
        await client.put({ ...callsOf(era, CALLS), url });
        await stop(child);
      };
      columns.set(`HTTP ${era}`, await profile(overHttp));
    }
    return columns;
  } finally {
    await stopAll();
    programs.remove();
  }
}

/** One row per group, the largest first. */
function formatShares(columns: Map<string, Shares>): string {
  const all = [...columns.values()];
  const groups = [...new Set(all.flatMap((shares) => [...shares.keys()]))];
  const largest = (group: string) => Math.max(...all.map((shares) => shares.get(group) ?? 0));
  const shown = groups.filter((group) => largest(group) >= MIN_SHARE).sort((a, b) => largest(b) - largest(a));
  const remainderOf = (shares: Shares) => 100 - shown.reduce((sum, group) => sum + (shares.get(group) ?? 0), 0);
  const rows = shown.map((group) => [group, ...all.map((shares) => percent(shares.get(group) ?? 0))]);
  rows.push(['remaining parts', ...all.map((shares) => percent(remainderOf(shares)))]);
  return [['part', ...columns.keys()], ['---', ...all.map(() => '---:')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const percent = (share: number) => `${share.toFixed(1)} %`;

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const columns = await profileAll();
if (values.json) {
  console.log(
    JSON.stringify(Object.fromEntries([...columns].map(([name, shares]) => [name, Object.fromEntries(shares)]))),
  );
} else {
  const table = formatShares(columns);
  console.log(table);
  writeBlock('profile', table);
}
