// `npm run trace`: which of our files and functions one tool call executes, and how deep its stack is at undici.
// The server runs from source over stdio on the sandbox, with V8 coverage. What `initialize` alone executes is subtracted.
// A function that returns a promise without awaiting it has no async stack frame.
// --root DIR traces another checkout, --list also prints the functions and frames.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { startSandbox } from '../../src/sandbox/index.ts';
import { cleanEnvironment } from '../support/programs/program.ts';
import { INITIALIZE } from './stdio.ts';

const { values } = parseArgs({
  options: { root: { type: 'string' }, list: { type: 'boolean', default: false } },
});
const root = realpathSync(values.root ?? fileURLToPath(new URL('../..', import.meta.url)));
const preload = fileURLToPath(new URL('programs/trace-dispatch.ts', import.meta.url));

/** Sends a request. @returns its result. */
type Send = (method: string, params: object) => Promise<Record<string, unknown>>;

interface Trace {
  /** `file function` of each named function that was executed. */
  functions: Set<string>;
  /** For each request to HeyReach, our frames from undici up to the SDK's handler. */
  stacks: { path: string; frames: string[] }[];
}

interface Coverage {
  result: { url: string; functions: { functionName: string; ranges: { startOffset: number; count: number }[] }[] }[];
}

/** Runs the server from source, with some requests after `initialize`. */
async function trace(requests: (send: Send) => Promise<void>): Promise<Trace> {
  const folder = mkdtempSync(`${tmpdir()}/heyreach-mcp-trace-`);
  const stacks = `${folder}/stacks`;
  try {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--import', pathToFileURL(preload).href, 'src/main.ts', '--sandbox', '--log-level', 'warn'],
      {
        cwd: root,
        env: cleanEnvironment({ NODE_V8_COVERAGE: `${folder}/coverage`, TRACE_ROOT: root, TRACE_STACKS: stacks }),
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const send = connect(child);
    await send('initialize', INITIALIZE);
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    await requests(send);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    await ended;
    return { functions: readFunctions(`${folder}/coverage`), stacks: readStacks(stacks) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function connect(child: ChildProcess): Send {
  const pending = new Map<number, (result: Record<string, unknown>) => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as { id: number; result: Record<string, unknown>; error?: unknown };
    if (error !== undefined) throw new Error(line);
    pending.get(id)?.(result);
  });
  let id = 0;
  return (method, params) => {
    id += 1;
    child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return new Promise((resolve) => pending.set(id, resolve));
  };
}

/** Our file of a URL or a stack frame. undefined for the sandbox, packages and node. */
function ourFile(location: string): string | undefined {
  const file = location.split(`${root}/src/`)[1]?.replace(/[:?)].*$/, '');
  return file?.startsWith('sandbox/') ? undefined : file;
}

/** The named functions that were executed, without the set-up of classes and modules. */
function readFunctions(folder: string): Set<string> {
  const functions = new Set<string>();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Coverage;
    for (const { url, functions: covered } of result) {
      const file = ourFile(decodeURI(url));
      if (file === undefined) continue;
      for (const { functionName, ranges } of covered) {
        const [range] = ranges;
        // tsx adds `__name`. V8 calls field initializers `<...>`.
        const isNamed = functionName !== '' && functionName !== '__name' && !functionName.startsWith('<');
        if (isNamed && range !== undefined && range.count > 0) {
          functions.add(`${file} ${functionName}@${range.startOffset}`);
        }
      }
    }
  }
  return functions;
}

function readStacks(file: string): Trace['stacks'] {
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').trim().split('\n');
  } catch {
    return [];
  }
  return lines.map((line) => {
    const { path, stack } = JSON.parse(line) as { path: string; stack: string };
    const frames = stack
      .split('\n')
      .filter((frame) => ourFile(frame) !== undefined)
      .map((frame) => frame.replace(/^\s*at (?:async )?/, '').replace(/ \(.*$/, ` (${ourFile(frame)})`));
    return { path, frames };
  });
}

/** @param path ends the path of the request whose stack is reported. */
function report(name: string, path: string, call: Trace, baseline: Trace): void {
  const functions = [...call.functions].filter((entry) => !baseline.functions.has(entry)).sort();
  const files = new Set(functions.map((entry) => entry.split(' ')[0]));
  const frames = call.stacks.find((stack) => stack.path.split('?')[0]?.endsWith(path))?.frames ?? [];
  console.log(`${name}: ${frames.length} frames, ${files.size} files, ${functions.length} named functions`);
  if (!values.list) return;
  for (const frame of frames) console.log(`  frame ${frame}`);
  for (const entry of functions) console.log(`  ${entry.replace(/@\d+$/, '')}`);
}

/** The id of a campaign that can be resumed. It depends on the seed alone. */
async function pausedCampaign(): Promise<number> {
  const sandbox = await startSandbox();
  const [campaignId] = sandbox.workspace.fixtures.campaigns.PAUSED;
  await sandbox.close();
  return campaignId!;
}

const campaignId = await pausedCampaign();
const baseline = await trace(async () => {});
const read = await trace(async (send) => {
  await send('tools/call', { name: 'list_campaigns', arguments: {} });
});
const write = await trace(async (send) => {
  const call = (extra: object) => send('tools/call', { name: 'resume_campaign', arguments: { campaignId, ...extra } });
  const preview = (await call({})) as { structuredContent?: { confirmation?: { confirmToken: string } } };
  const confirmToken = preview.structuredContent?.confirmation?.confirmToken;
  if (confirmToken === undefined) throw new Error('resume_campaign did not return a confirmToken');
  const result = await call({ confirmToken });
  if (result.isError === true) throw new Error(JSON.stringify(result));
});
report('read (list_campaigns)', '/campaign/GetAll', read, baseline);
report('confirmed write (resume_campaign)', '/campaign/Resume', write, baseline);
