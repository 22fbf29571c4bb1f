import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect } from 'vitest';
import { rowsOf } from '../tools/tables.ts';
import type { McpPeer } from './clients.ts';

const MOST_CALLS = 4;
const MOST_TOKENS = 6_000;

// biome-ignore lint/suspicious/noExplicitAny: each tool has its own fields, and the test names them.
export type Structure = Record<string, any>;

/** An agent with a small context. It counts the calls of a task, and the tokens of these calls and their results. */
export class Agent {
  #calls = 0;
  #tokens = 0;

  constructor(readonly peer: McpPeer) {}

  /** Begins the next task. */
  begin(): void {
    this.#calls = 0;
    this.#tokens = 0;
  }

  async call(name: string, args: Record<string, unknown>): Promise<Structure> {
    const result = await this.peer.callTool(name, args);
    const text = result.content[0]?.text ?? '';
    expect(result.isError, text).toBeFalsy();
    this.#calls += 1;
    this.#tokens += encode(JSON.stringify({ name, arguments: args })).length + encode(text).length;
    return result.structuredContent as Structure;
  }

  /** Calls a tool with a preview, and then with its token. @returns the preview and the result. */
  async confirm(name: string, args: Record<string, unknown>): Promise<{ preview: Structure; result: Structure }> {
    const { confirmation } = await this.call(name, args);
    const result = await this.call(name, { ...args, confirmToken: confirmation.confirmToken });
    return { preview: confirmation.preview, result };
  }

  expectCheap(): void {
    expect(this.#calls).toBeLessThanOrEqual(MOST_CALLS);
    expect(this.#tokens).toBeLessThanOrEqual(MOST_TOKENS);
  }
}

export const rowsIn = (structuredContent: Structure) => rowsOf({ content: [], structuredContent });
