import { parseConfig } from './config.ts';
import { startProgram } from './program.ts';

const parsed = parseConfig(process.argv.slice(2), process.env);
if (!parsed.ok) {
  process.stderr.write(`heyreach-mcp: ${parsed.problem}\n`);
  process.exitCode = 2;
} else if ('asked' in parsed) {
  const { helpText, versionText } = await import('./help.ts');
  process.stdout.write(parsed.asked === 'help' ? helpText() : versionText());
} else {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const { stdin, stdout, pid } = process;
    const program = await startProgram(parsed.config, { stdin, stdout, say, process: { pid, isRunning } });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void program.close());
  } catch (error) {
    say(`heyreach-mcp: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
