import { SetupFault } from '../setting.ts';
import { type FileFault, readSmallFile } from './small-file.ts';
import { findToken, parseTokens, type Token } from './tokens.ts';

/** What came of reading the tokens again. */
export interface Reloaded {
  /** What is wrong with the file, in one line. */
  fault?: string;
  /** How many of before are out although the file could not be taken as it is. */
  dropped: number;
}

/** The tokens of a file, as it was when it was last read without a fault, less those that are gone from it since. */
export class TokenFile {
  readonly #path: string;
  #tokens: readonly Token[] = [];
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws SetupFault that says what is wrong with the file. */
  static async open(path: string): Promise<TokenFile> {
    const file = new TokenFile(path);
    const { fault } = await file.reload();
    if (fault !== undefined) throw new SetupFault(fault);
    return file;
  }

  /**
   * Reads the file again. Who is gone from it is out, whatever else is wrong with it. Those of before stay where it cannot be read,
   * and where they still stand in a text that is not understood.
   */
  reload(): Promise<Reloaded> {
    // One after the other: what was read first must not come last, and let in again who was removed.
    const read = this.#last.then(() => this.#read());
    this.#last = read.catch(() => {});
    return read;
  }

  async #read(): Promise<Reloaded> {
    const before = this.#tokens;
    let fault: string | undefined;
    try {
      fault = this.#take(await readSmallFile(this.#path));
    } catch (error) {
      const { code, message } = error as FileFault;
      fault = message;
      // Who takes it away means that nobody is let in; why it cannot be read otherwise, nobody knows.
      if (code === 'ENOENT') this.#tokens = [];
    }
    if (fault === undefined) return { dropped: 0 };
    return { fault: `HEYREACH_MCP_TOKENS: ${this.#path} ${fault}`, dropped: before.length - this.#tokens.length };
  }

  #take(text: string): string | undefined {
    try {
      this.#tokens = parseTokens(text);
    } catch (error) {
      this.#tokens = this.#tokens.filter((token) => stands(token, text));
      return (error as Error).message;
    }
    return this.#tokens.length === 0 ? 'holds no token; `heyreach-mcp token NAME` makes one and its line' : undefined;
  }

  get size(): number {
    return this.#tokens.length;
  }

  find(presented: string): Token | undefined {
    return findToken(this.#tokens, presented);
  }

  /** Whether one that was found before is still there, with the same rights. */
  has({ name, digest, mode }: Token): boolean {
    return this.#tokens.some((token) => token.name === name && token.mode === mode && token.digest.equals(digest));
  }
}

/** Whether the SHA-256 of a token is anywhere in a text; a remark counts as little as it does to parseTokens(). */
function stands({ digest }: Token, text: string): boolean {
  return text.replace(/#.*/g, '').toLowerCase().includes(digest.toString('hex'));
}
