import { parseArgs } from 'node:util';
import { type SandboxOptions, startSandbox } from './index.ts';

const HELP = `Usage: node dist/sandbox.js [options]

A HeyReach of our own on 127.0.0.1: real HTTP, made-up data, nothing leaves the machine.

  --port N                         the port to listen on (default 4010, 0 picks a free one)
  --seed N                         the same seed gives the same data (default 1)
  --rate-limit N                   requests per minute and key (default 300)
  --window fixed|sliding           how the minute is counted (default fixed)
  --retry-after none|seconds|date  what a 429 says about waiting (default none)
  --large                          120 campaigns and 5,000 conversations
  --help                           this text
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) throw new UsageError(`--${name} must be a whole number from 0 to ${max}`);
  return value;
}

function word<const T extends string>(name: string, given: string | undefined, words: readonly T[]): T | undefined {
  if (given === undefined) return undefined;
  const found = words.find((one) => one === given);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${words.join(', ')}`);
  return found;
}

function readOptions(args: string[]): SandboxOptions | 'help' {
  const { values } = parseArgs({
    args,
    strict: true,
    options: {
      port: { type: 'string' },
      seed: { type: 'string' },
      'rate-limit': { type: 'string' },
      window: { type: 'string' },
      'retry-after': { type: 'string' },
      large: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const perMinute = wholeNumber('rate-limit', values['rate-limit'], 1_000_000);
  return {
    port: wholeNumber('port', values.port, 65_535) ?? 4_010,
    seed: wholeNumber('seed', values.seed, Number.MAX_SAFE_INTEGER) ?? 1,
    size: values.large ? 'large' : 'default',
    rateLimit: {
      ...(perMinute === undefined ? {} : { perMinute }),
      window: word('window', values.window, ['fixed', 'sliding']) ?? 'fixed',
      retryAfter: word('retry-after', values['retry-after'], ['none', 'seconds', 'date']) ?? 'none',
    },
  };
}

async function main(): Promise<void> {
  let options: SandboxOptions | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    process.stderr.write(`${line} (see --help)\n`);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const sandbox = await startSandbox(options);
  process.stdout.write(
    `HeyReach sandbox listening on ${sandbox.url}\n` +
      `Try: curl -X POST ${sandbox.url}/api/public/campaign/GetAll -H 'X-API-KEY: any' -H 'Content-Type: application/json' -d '{"limit":3}'\n`,
  );
  const stop = (): void => void sandbox.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
