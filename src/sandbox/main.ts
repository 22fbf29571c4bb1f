import { parseArgs } from 'node:util';
import { type SandboxOptions, startSandbox } from './index.ts';
import { sizeLimits } from './options.ts';

const HELP = `Usage: node dist/sandbox.js [options]

An embedded HeyReach on 127.0.0.1: real HTTP, made-up data, nothing leaves the machine.

  --port N                         the port to listen on (default 4010, 0 picks a free one)
  --seed N                         the same seed gives the same data (default 1)
  --rate-limit N                   requests per minute and key (default 300)
  --window fixed|sliding           how requests per minute are counted (default fixed)
  --window-ms MS                   the length of that window, 200 to 60,000 (default 60000)
  --retry-after none|seconds|date  Retry-After header of a 429 (default none)
  --large                          120 campaigns and 5,000 conversations
  --rich                           adds overlaps, conversations that people opened, and acceptances in the next days
  --senders N                      LinkedIn accounts, 6 to 200 (default 6)
  --people N                       adds a list of N people, 600 to 25,000, and two campaigns for it
  --latency MS                     every API response takes MS milliseconds longer (default 0)
  --without-inbox-v3               GetConversationsV3 answers 404, as in older documents of the API
  --help                           this text

GET  /_sandbox                     numbers, and ids for tests
GET  /_sandbox/truth?only=KEY,KEY  who waits, who was contacted, what changed: waiting, people, acceptedNotMessaged,
                                   acceptances, changesSince (since=ISO), contactedBy, stats (from=DAY&to=DAY), queues, inboxTotals
GET  /_sandbox/reached             messages, invitations and InMails that would have reached people
POST /_sandbox/advance             {"hours": N} moves the clock
POST /_sandbox/faults              adds a fault to the next requests, and DELETE removes all faults
`;

class UsageError extends Error {}

function wholeNumber(name: string, text: string | undefined, max: number, min = 0): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`);
  }
  return value;
}

function word<const T extends string>(name: string, text: string | undefined, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const match = words.find((candidate) => candidate === text);
  if (match === undefined) throw new UsageError(`--${name} must be one of ${words.join(', ')}`);
  return match;
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
      'window-ms': { type: 'string' },
      'retry-after': { type: 'string' },
      large: { type: 'boolean' },
      rich: { type: 'boolean' },
      senders: { type: 'string' },
      people: { type: 'string' },
      latency: { type: 'string' },
      'without-inbox-v3': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const sized = (name: keyof typeof sizeLimits) => {
    const value = wholeNumber(name, values[name], sizeLimits[name].max, sizeLimits[name].min);
    return value === undefined ? {} : { [name]: value };
  };
  const perMinute = wholeNumber('rate-limit', values['rate-limit'], 1_000_000);
  return {
    port: wholeNumber('port', values.port, 65_535) ?? 4_010,
    seed: wholeNumber('seed', values.seed, Number.MAX_SAFE_INTEGER) ?? 1,
    size: values.large ? 'large' : 'default',
    rich: values.rich ?? false,
    ...sized('senders'),
    ...sized('people'),
    latencyMs: wholeNumber('latency', values.latency, 60_000) ?? 0,
    quirks: { hasInboxV3: !values['without-inbox-v3'] },
    rateLimit: {
      ...(perMinute === undefined ? {} : { perMinute }),
      windowMs: wholeNumber('window-ms', values['window-ms'], 60_000, 200),
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
    return fail(`${line} (see --help)`, 2);
  }
  if (options === 'help') {
    process.stdout.on('error', ({ message }) => fail(`stdout cannot be written: ${message}`, 1)).write(HELP);
    return;
  }
  const sandbox = await startSandbox(options);
  // A reader that leaves does not end the server.
  process.stdout
    .on('error', () => {})
    .write(
      `HeyReach sandbox listening on ${sandbox.url}\n` +
        `Try: curl -X POST ${sandbox.url}/api/public/campaign/GetAll -H 'X-API-KEY: any' -H 'Content-Type: application/json' -d '{"limit":3}'\n`,
    );
  const stop = (): void => void sandbox.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Ends the process at once: a full stderr pipe would keep it alive. */
function fail(line: string, code: number): void {
  process.stderr.on('error', () => {}).write(`${line}\n`);
  process.exit(code);
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error), 1));
