import { parseConfig } from './config.ts';
import { startProgram } from './program.ts';
import { SetupFault } from './setting.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);
const argv = process.argv.slice(2);

if (argv[0] === 'token') {
  const { runTokenCommand } = await import('./front-door/token-command.ts');
  await runTokenCommand(argv.slice(1)).then((text) => process.stdout.write(text), fail(2));
} else {
  await start();
}

async function start(): Promise<void> {
  const parsed = parseConfig(argv, process.env);
  if (!parsed.ok) return fail(2)(new Error(parsed.problem));
  if ('asked' in parsed) {
    const { helpText, versionText } = await import('./help.ts');
    process.stdout.write(parsed.asked === 'help' ? helpText() : versionText());
    return;
  }
  const { stdin, stdout, pid } = process;
  const started = startProgram(parsed.config, { stdin, stdout, say, process: { pid, isRunning } });
  // A signal may come while it starts.
  const close = () => void started.then((program) => program.close()).catch(() => {});
  process.once('SIGINT', close).once('SIGTERM', close);
  if (parsed.config.tokens === undefined) process.once('SIGHUP', close);
  else process.on('SIGHUP', () => void started.then((program) => program.reload?.()).catch(() => {}));
  try {
    await started;
  } catch (error) {
    fail(error instanceof SetupFault ? 2 : 1)(error);
  }
}

function fail(code: number): (error: unknown) => void {
  return (error) => {
    say(`heyreach-mcp: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = code;
  };
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
