import { appendFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { MODES, type Mode } from '../tools/modes.ts';
import { type FileFault, readSmallFile } from './small-file.ts';
import { isTokenName, makeToken, parseTokens } from './tokens.ts';

const USAGE = `Usage: heyreach-mcp token NAME [--mode ${MODES.join('|')}] [--file FILE]`;
const HELP = `${USAGE}

Makes a token for somebody who may call a server that has the HeyReach key, and the line that lets them in.

  --mode    what they are shown at most; all that the server shows when left out
  --file    the file that HEYREACH_MCP_TOKENS names: the line is added to it, and the token alone is printed

The token is kept nowhere: what is lost is made anew. A running server reads the file again on SIGHUP.
`;

/**
 * Makes a token.
 * @returns what to print.
 * @throws Error that says in one line what is wrong with the arguments or the file.
 */
export async function runTokenCommand(argv: readonly string[]): Promise<string> {
  const { values, positionals } = readArguments(argv);
  if (values.help === true) return HELP;
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) throw new Error(`one name is wanted. ${USAGE}`);
  if (!isTokenName(name)) throw new Error('a name has letters, digits, dots, dashes and underscores, at most 64');
  const { mode, file } = values;
  if (mode !== undefined && !MODES.includes(mode as Mode)) throw new Error(`--mode must be one of ${MODES.join(', ')}`);
  const { token, line } = makeToken(name, mode as Mode | undefined);
  if (file === undefined) return `token, for who calls:  ${token}\nline, for the file:    ${line}\n`;
  await addLine(file, name, line);
  return `${token}\n`;
}

async function addLine(file: string, name: string, line: string): Promise<void> {
  const before = await readSmallFile(file).catch((error: FileFault) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`${file} ${error.message}`);
  });
  const text = before === '' || before.endsWith('\n') ? `${line}\n` : `\n${line}\n`;
  try {
    parseTokens(before + text);
  } catch (error) {
    // The line that is new can only be at fault for its name.
    const isOurs = before.split(/\r?\n/).some((one) => one.trim().split(/\s+/)[0] === name);
    throw new Error(isOurs ? `${file} has a token named ${name} already` : `${file} ${(error as Error).message}`);
  }
  await appendFile(file, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be written (${error.code})`);
  });
}

function readArguments(argv: readonly string[]) {
  const options = {
    mode: { type: 'string' },
    file: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new Error(`${(error as Error).message.split('\n')[0]} ${USAGE}`);
  }
}
