import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CommandEnvironment } from '../environment.ts';
import { type DoctorCheck, failed, ok } from './check.ts';

const TIMEOUT_MS = 30_000;
const HELLO = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'heyreach-mcp doctor', version: '1' },
};

/** Starts this program on the sandbox, as a host does, and lists its tools. @param flags those that choose the tools. */
export async function selfTest(
  { node, program, machine }: CommandEnvironment,
  flags: readonly string[],
): Promise<DoctorCheck> {
  const env = Object.entries(machine.env).filter(([name]) => !name.startsWith('HEYREACH_'));
  const child = spawn(node.path, [program, '--sandbox', ...flags], {
    env: Object.fromEntries(env),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const start = performance.now();
  const timer = setTimeout(() => child.kill(), TIMEOUT_MS);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  child.stdin.on('error', () => {});
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let tools: number | undefined;
  let firstMs = 0;
  send({ id: 1, method: 'initialize', params: HELLO });
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: { tools?: unknown[] } };
    if (id === 1) {
      firstMs = Math.round(performance.now() - start);
      send({ method: 'notifications/initialized' });
      send({ id: 2, method: 'tools/list' });
    }
    if (id === 2) {
      tools = result?.tools?.length;
      break;
    }
  }
  child.stdin.end();
  await ended;
  clearTimeout(timer);
  if (tools !== undefined) return ok('self-test', `the server starts in ${firstMs} ms and shows ${tools} tools`);
  return failed(
    'self-test',
    'the server did not start on the sandbox',
    `Run it by hand: ${node.path} ${program} --sandbox`,
  );
}
