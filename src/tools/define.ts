import type { CallToolResult } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { CallOptions, HeyReachClient, HeyReachError, Repeat } from '../client/index.ts';
import type { SendGuard } from '../safety/sends.ts';
import type { Preview } from './preview.ts';

/**
 * What a tool can do to people and data; decides the MCP annotations and what a mode shows.
 * - `read` changes nothing
 * - `write` adds or changes workspace data, loses nothing, reaches nobody
 * - `stop` only reduces contact
 * - `destructive` removes what the API cannot put back
 * - `egress` sends workspace data or access to an outside address or person
 * - `outreach` can make messages or invitations go out to real people
 */
export type Kind = 'read' | 'write' | 'stop' | 'destructive' | 'egress' | 'outreach';

export const TOOLSETS = [
  'account',
  'campaigns',
  'inbox',
  'linkedin_accounts',
  'lists',
  'stats',
  'leads',
  'webhooks',
  'network',
  'blacklist',
  'organization',
  'legacy',
] as const;
export type Toolset = (typeof TOOLSETS)[number];

/** What a running tool is given besides its arguments. */
export interface ToolContext {
  client: HeyReachClient;
  /** Passed along with every call to HeyReach: signal, deadline, observer. */
  call: CallOptions;
  source: 'live' | 'sandbox';
  /** Everything the API gave was asked for (`detail: "full"`). */
  full: boolean;
  /** Tells the caller how far a long call is; does nothing when nobody listens. */
  progress(done: number, total: number, message: string): Promise<void>;
  /** Waits, unless the call is cancelled or out of time first. */
  wait(ms: number): Promise<void>;
  /** Reads what both the preview and the call itself need, once for the two. */
  readFirst<Read>(name: string, read: () => Promise<Read>): Promise<Read>;
  sends: SendGuard;
  /** Somebody is asked, or was: the preview tells them what speaks against it. */
  isAsked: boolean;
}

/** What a client gets for a call: structure and the same as text. */
export type ToolResult = CallToolResult;

/** What a tool answers: data for the caller, before it is shaped. */
export interface ToolAnswer {
  data: Record<string, unknown>;
  /** Which array of `data` may be cut to fit the size cap, and how to go on after the rows that were kept. */
  rows?: {
    key: string;
    /** Extra fields for a result that keeps so many rows; called whether or not rows were cut. */
    goOn?(kept: number): Record<string, unknown>;
    /** Which end of the array survives a cut. */
    keep?: 'first' | 'last';
  };
  /** The call failed, and `data` says how far it came. */
  error?: HeyReachError;
  /** A part of it failed, which `data` accounts for; the rest was done. */
  partly?: HeyReachError | undefined;
}

type Shape = z.ZodRawShape;
export type InputOf<S extends Shape> = z.output<z.ZodObject<S>>;

interface Definition<S extends Shape> {
  name: string;
  title: string;
  description: string;
  toolset: Toolset;
  kind: Kind;
  /** Flat parameters, each described. */
  input: S;
  /** Rules across parameters: a sentence that names the parameter and the fix, or undefined. */
  check?(input: InputOf<S>): string | undefined;
  /** Names the fields of a result; loose. */
  output: z.ZodObject;
  /** In compact results texts are clipped at so many characters, with their length said. */
  clipAt?: number;
  /** The next step after an error, where the tool knows better than the general rule. */
  nextStep?(error: HeyReachError, input: InputOf<S>): string | undefined;
  /** Calls of one key that answer the same name are made one at a time: a second one is refused. */
  exclusive?(input: InputOf<S>): string;
  run(input: InputOf<S>, context: ToolContext): Promise<ToolAnswer>;
}

/**
 * Whether a confirmation stands before the tool: never, always, or depending on arguments and state. One that asks shows first
 * what it would do; where it asks only sometimes, undefined means that there is no need.
 */
type AskRule<S extends Shape> =
  | { asks: 'no'; preview?: never }
  | { asks: 'yes'; preview(input: InputOf<S>, context: ToolContext): Promise<Preview> }
  | { asks: 'sometimes'; preview(input: InputOf<S>, context: ToolContext): Promise<Preview | undefined> };

/**
 * A retried call that leaves the same state may be refused because its first attempt worked. `readBack` finds out: the
 * result if the state is as wanted, undefined if it is not, an error thrown if that cannot be told. null where no read can
 * tell, with the reason beside it.
 */
type RepeatRule<S extends Shape> =
  | { repeat: Exclude<Repeat, 'same'>; readBack?: never }
  | { repeat: 'same'; readBack: ((input: InputOf<S>, context: ToolContext) => Promise<ToolAnswer | undefined>) | null };

export type ToolDefinition<S extends Shape> = Definition<S> & AskRule<S> & RepeatRule<S>;

/** A tool whose parameter types no longer matter. */
export type Tool = ToolDefinition<Shape>;

/** Defines a tool. The identity function: the types demand what every tool has to say about itself. */
export function defineTool<S extends Shape>(definition: ToolDefinition<S>): Tool {
  return definition as unknown as Tool;
}

/** The MCP annotations that follow from what a tool says about itself. */
export function annotationsOf(tool: Tool) {
  return {
    readOnlyHint: tool.kind === 'read',
    destructiveHint: tool.kind === 'destructive' || tool.kind === 'egress' || tool.kind === 'outreach',
    idempotentHint: tool.repeat !== 'once',
    openWorldHint: tool.name !== 'check_api_key',
  };
}
