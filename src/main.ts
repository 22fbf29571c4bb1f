import { hostname } from 'node:os';
import { startApp } from './app.ts';
import { helpText, versionText } from './config/help.ts';
import { parseConfig } from './config/load-config.ts';
import { ConfigError } from './config/setting-types.ts';
import { LineWriter, stderrPut } from './observability/line-writer.ts';

/** The process waits this long at its end for a slow reader of stderr. */
const LAST_LINES_MS = 500;

/** After a signal, a client that reads nothing for this long loses its pending responses. */
const UNREAD_MS = 1_000;

const stderr = new LineWriter(stderrPut(() => process.stderr));
process.once('exit', () => stderr.end(LAST_LINES_MS));
const printLine = (line: string) => {
  stderr.write(`${line}\n`);
  stderr.flush();
};
// A warning that node's own writer cannot write keeps the process alive. Under --no-warnings node has no writer.
if (process.listenerCount('warning') > 0) {
  process
    .removeAllListeners('warning')
    .on('warning', ({ name, message }) => printLine(`heyreach-mcp: ${name}: ${message}`));
}
const argv = process.argv.slice(2);

const [command, ...rest] = argv;

if (command === 'doctor' || command === 'init' || command === 'token') {
  await loadAndRunCommand(command, rest);
} else {
  await start();
}

/** Runs a command other than the server. */
async function loadAndRunCommand(name: string, args: string[]): Promise<void> {
  const [{ runCommand }, { homedir }, { fileURLToPath }] = await Promise.all([
    import('./cli/run-command.ts'),
    import('node:os'),
    import('node:url'),
  ]);
  const { platform, env, execPath, version, stdin } = process;
  process.exitCode = await runCommand(name, args, {
    machine: { platform, env, home: homedir(), folder: process.cwd() },
    node: { path: execPath, version },
    program: fileURLToPath(import.meta.url),
    stdin,
    print,
    printLine,
  });
  // An open terminal or pipe would keep the process alive.
  stdin.destroy();
}

async function start(): Promise<void> {
  const parsed = parseConfig(argv, process.env);
  if (!parsed.ok) return fail(2)(new Error(parsed.problem));
  if ('print' in parsed) {
    print(parsed.print === 'help' ? helpText() : versionText());
    return;
  }
  const { stdin, stdout, pid } = process;
  const started = startApp(parsed.config, {
    stdin,
    stdout,
    stderr,
    printLine,
    process: { pid, replica: hostname(), isRunning },
  });
  // A signal may arrive while the program starts.
  const close = () =>
    void started
      .then((program) => program.close())
      .then(() => parsed.config.transport === 'stdio' && exitWhenUnread())
      .catch(() => {});
  process.once('SIGINT', close).once('SIGTERM', close);
  const { tokens, oauthSubjects, doNotContact, workspaces } = parsed.config;
  const isReloadable = (tokens ?? oauthSubjects ?? doNotContact ?? workspaces) !== undefined;
  if (!isReloadable) process.once('SIGHUP', close);
  else process.on('SIGHUP', () => void started.then((program) => program.reload?.()).catch(() => {}));
  try {
    await started;
  } catch (error) {
    fail(error instanceof ConfigError ? 2 : 1)(error);
  }
}

/** Ends the process although responses are pending that the client does not read. They would keep it alive. */
function exitWhenUnread(): void {
  let previous = process.stdout.writableLength;
  setInterval(() => {
    const unread = process.stdout.writableLength;
    if (unread > 0 && unread === previous) process.exit();
    previous = unread;
  }, UNREAD_MS).unref();
}

/** Writes the output of a command that serves no protocol. */
function print(text: string): void {
  process.stdout.on('error', ({ message }) => fail(1)(new Error(`stdout cannot be written: ${message}`))).write(text);
}

function fail(code: number): (error: unknown) => void {
  return (error) => {
    printLine(`heyreach-mcp: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = code;
  };
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only tests whether the process exists.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
