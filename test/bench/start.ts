import { startPiped, stop } from './children.ts';
import { INITIALIZE } from './stdio.ts';

const REQUEST = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: INITIALIZE })}\n`;

/** Milliseconds from the start of a process to its end. */
export async function timeToEnd(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = startPiped(args);
  await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  return performance.now() - began;
}

/** Milliseconds from the start of a server to its `initialize` result: the time that a client waits. */
export async function timeToInitialize(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const began = performance.now();
  const child = startPiped(args, env);
  const ms = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', () => resolve(performance.now() - began));
    child.once('error', reject).once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)));
    child.stdin.write(REQUEST);
  });
  child.stdin.end();
  await stop(child);
  return ms;
}
