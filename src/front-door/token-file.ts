import { readFile } from 'node:fs/promises';
import { SetupFault } from '../setting.ts';
import { findToken, parseTokens, type Token } from './tokens.ts';

/** The tokens of a file, as it was when it was last read without a fault. */
export class TokenFile {
  readonly #path: string;
  #tokens: readonly Token[] = [];
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws SetupFault that says what is wrong with the file. */
  static async open(path: string): Promise<TokenFile> {
    const file = new TokenFile(path);
    await file.reload();
    return file;
  }

  /** Reads the file again. @throws SetupFault that says what is wrong with it: then those of before stay. */
  reload(): Promise<void> {
    // One after the other: what was read first must not come last, and let in again who was removed.
    const read = this.#last.then(() => this.#read());
    this.#last = read.catch(() => {});
    return read;
  }

  async #read(): Promise<void> {
    const told = `HEYREACH_MCP_TOKENS: ${this.#path}`;
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new SetupFault(`${told} cannot be read (${error.code})`);
    });
    try {
      this.#tokens = parseTokens(text);
    } catch (error) {
      throw new SetupFault(`${told} ${(error as Error).message}`);
    }
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
