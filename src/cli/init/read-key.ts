import { hasKeyCharacters, whyNotAKey } from '../../lib/api-key.ts';
import type { CommandEnvironment, CommandInput } from '../environment.ts';
import { KEY_VARIABLE } from '../hosts/host.ts';

const ENTER = /[\r\n]/;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACE = /[\b\u007f]/;

/** Reads the key: from HEYREACH_API_KEY, else from a person, else from the first line of stdin. @throws Error without it. */
export async function readKey({ machine, stdin, printLine }: CommandEnvironment): Promise<string> {
  const fromVariable = machine.env[KEY_VARIABLE]?.trim();
  if (fromVariable) {
    printLine(`Using the key in ${KEY_VARIABLE}.`);
    return validKey(fromVariable, KEY_VARIABLE);
  }
  if (stdin.isTTY === true) {
    printLine('HeyReach key (Settings, Integrations, HeyReach API). What you type is not shown:');
    return validKey(await readHidden(stdin), 'the key');
  }
  return validKey(await readFirstLine(stdin), 'the first line of stdin');
}

function validKey(text: string, place: string): string {
  const key = text.trim();
  if (key === '') {
    throw new Error(`there is no key. Set ${KEY_VARIABLE}, write the key to stdin, or use --sandbox or --key-from-env`);
  }
  const reason =
    whyNotAKey(key) ?? (hasKeyCharacters(key) ? undefined : 'contains characters that are not allowed in a key');
  if (reason !== undefined) throw new Error(`${place} ${reason}`);
  return key;
}

/** Reads a line from a terminal in raw mode, in which the terminal shows nothing. */
async function readHidden(stdin: CommandInput): Promise<string> {
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  try {
    let line = '';
    for await (const chunk of stdin as AsyncIterable<string>) {
      for (const character of chunk) {
        if (character === CTRL_C) throw new Error('cancelled: nothing was written');
        if (ENTER.test(character) || character === CTRL_D) return line;
        line = BACKSPACE.test(character) ? line.slice(0, -1) : line + character;
      }
    }
    return line;
  } finally {
    stdin.setRawMode?.(false);
  }
}

async function readFirstLine(stdin: CommandInput): Promise<string> {
  stdin.setEncoding('utf8');
  let text = '';
  for await (const chunk of stdin as AsyncIterable<string>) {
    text += chunk;
    if (ENTER.test(text) || text.length > 10_000) break;
  }
  return text.split(ENTER)[0] ?? '';
}
