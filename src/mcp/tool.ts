import type { CallToolResult } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { CallOptions, HeyReachClient, HeyReachError, RetryClass } from '../client/index.ts';
import type { DoNotContact } from '../safety/do-not-contact.ts';
import type { SendGuard } from '../safety/send-guard.ts';
import type { Preview } from './confirmation/preview.ts';
import type { CallerBookmarks } from './services/bookmarks.ts';
import type { CallerFiles, KeptTable } from './services/caller-files.ts';
import type { ChangeEvents } from './services/change-events.ts';
import type { Job } from './services/job.ts';
import type { LocalFiles } from './services/local-files.ts';

/**
 * What a tool can do to people and data. It decides the MCP annotations and the modes that list the tool.
 * - `read` changes nothing
 * - `write` changes workspace data, may replace settings, deletes no record, contacts no one
 * - `stop` only reduces contact
 * - `destructive` removes what the API cannot put back
 * - `egress` sends workspace data or access to an outside address or person
 * - `outreach` can make messages or invitations go out to real people
 */
export type RiskKind = 'read' | 'write' | 'stop' | 'destructive' | 'egress' | 'outreach';

/** The groups of tools that `--toolsets` switches. */
export const TOOLSETS = [
  'account',
  'workflows',
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

/** The result of one chunk of a job that writes. */
export interface ChunkResult {
  chunk: number;
  /** What HeyReach did with its rows, as JSON. The journal keeps it as `account`. */
  result: Record<string, unknown>;
  /** The chunk was sent twice, so counts of added and updated rows may be those of the second time. */
  recounted: boolean;
}

/** Work that writes, cut into chunks. The journal has a line on disk before each chunk is sent. */
export interface ChunkWork {
  /** What it writes to, such as `list 930108`. A key has one running job per target. */
  target: string;
  /** Everything that decides what the chunks hold. A resumed job must have an equal plan. */
  plan: unknown;
  /** How many chunks there are, counted from 0. */
  chunks: number;
  /** The id of an interrupted, failed or cancelled job to continue. Its answered chunks are not sent again. */
  resumeJob?: string | undefined;
  /**
   * Sends a chunk and returns its result. An error ends the job. The result reports failures that later chunks can ignore.
   * @param mayBeDone an earlier attempt of this chunk has no known outcome.
   */
  send(chunk: number, context: ToolContext, mayBeDone: boolean): Promise<Record<string, unknown>>;
  /** Called before the first chunk of a run. An error ends the run before anything is sent. */
  begin?(jobId: string, context: ToolContext): Promise<void>;
  /** Called when a run has ended, with all results, those of earlier runs included. */
  end?(results: readonly ChunkResult[], error: unknown): Promise<void>;
  /** The result of the chunks that were sent. Called for the chunks so far, too. */
  report(results: readonly ChunkResult[]): ToolOutput;
}

/** The jobs that the caller's key owns. */
export interface CallerJobs {
  /**
   * Reads within the call. What takes longer than the work time goes on as a job, and the output names it.
   * @param read gets a context without a deadline, whose requests leave room for other calls.
   */
  runRead(read: (context: ToolContext) => Promise<ToolOutput>, context: ToolContext): Promise<ToolOutput>;
  /** Writes chunk by chunk, within the call and then as a job. */
  runChunks(work: ChunkWork, context: ToolContext): Promise<ToolOutput>;
  /** Newest first. */
  list(): Promise<Job[]>;
  /** undefined for a job that does not exist or has another owner. */
  find(id: string): Promise<Job | undefined>;
  /** Resolves when a job of this process has ended, and after `ms` at the latest. */
  waitForEnd(id: string, ms: number): Promise<void>;
  /** Asks a job to end: a read at once, a write after the chunk that is being sent. False for a job of another process. */
  cancel(id: string): Promise<boolean>;
  /** Whether jobs outlive the process. */
  areDurable: boolean;
}

/** What a tool gets besides its arguments. */
export interface ToolContext {
  client: HeyReachClient;
  /** Options of every request to HeyReach: signal, deadline, observer. */
  call: CallOptions;
  source: 'live' | 'sandbox';
  /** The call requests every field (`detail: "full"`). */
  full: boolean;
  /** Sends a progress notification, if the client requested them. */
  progress(done: number, total: number, message: string): Promise<void>;
  /** Waits until the time has passed, or the call is cancelled or at its deadline. */
  wait(ms: number): Promise<void>;
  /** Reads once what both the preview and the call need. */
  memoizedRead<Read>(name: string, read: () => Promise<Read>): Promise<Read>;
  sends: SendGuard;
  /** Tells caches of this process what calls change. */
  changes: Pick<ChangeEvents, 'listen' | 'listenRemote' | 'followFor'>;
  /** Work that takes longer than a call. */
  jobs: CallerJobs;
  /** Tables and uploads that the caller's key owns. */
  files: CallerFiles;
  /** The files of HEYREACH_FILES_DIR. undefined where the server reads none. */
  localFiles?: LocalFiles | undefined;
  /** The people that no one may contact. undefined without HEYREACH_DO_NOT_CONTACT. */
  doNotContact?: DoNotContact | undefined;
  /** What earlier calls of the caller's key knew. undefined where the server has no folder for its state. */
  bookmarks?: CallerBookmarks | undefined;
  /** A person confirms this call, and the preview warns them. */
  isConfirmed: boolean;
}

/** The result of a call: structured content and the same as text. */
export type ToolResult = CallToolResult;

/** What a tool returns, before it is shaped into a result. */
export interface ToolOutput {
  data: Record<string, unknown>;
  /** The array of `data` whose rows may be omitted to fit the size limit, and how to continue after the kept rows. */
  rows?: {
    key: string;
    /** Further fields of a result that keeps `rowCount` rows. Called whether or not rows are omitted. */
    continuation?(rowCount: number): Record<string, unknown>;
    /** Which end of the array is kept. */
    keep?: 'first' | 'last';
  };
  /** Fields whose null has a meaning. Compact results keep it, and omit other nulls. */
  nullFields?: readonly string[];
  /** The call failed, and `data` reports how far it got. */
  error?: HeyReachError;
  /** A part of the call failed, which `data` reports. The rest was done. */
  partialFailure?: HeyReachError | undefined;
  /** The work goes on after the result. Resolves when it has ended, with the error that ended it. Never rejects. */
  continuedAsJob?: Promise<HeyReachError | undefined>;
  /** Tables that the client can read as resources. */
  links?: readonly KeptTable[] | undefined;
  /** Paths of texts from outside where the output schema leaves the shape open. */
  untrustedFields?: readonly string[];
}

type Shape = z.ZodRawShape;
/** The parsed arguments of a tool, with defaults filled in. */
export type InputOf<S extends Shape> = z.output<z.ZodObject<S>>;

interface Definition<S extends Shape> {
  name: string;
  title: string;
  description: string;
  toolset: Toolset;
  risk: RiskKind;
  /** Flat parameters, each described. */
  input(): S;
  /** Parameters that models expect and HeyReach does not have, with what to do instead. */
  missingParameters?: Readonly<Record<string, string>>;
  /** The parameter with the rows of a call. It may be omitted with a confirmToken, because the server keeps what it showed. */
  bulkParameter?: keyof S & string;
  /** A preview that takes longer than a call goes on as a job. */
  previewMayTakeLong?: boolean;
  /** `run` repeats the preview's reads. With `--confirm off`, the preview therefore runs first and fills the cache. */
  runReadsPreview?: boolean;
  /** Parameters that name the rows in its place. A call with one of them has left out no rows. */
  bulkAlternatives?: readonly (keyof S & string)[];
  /**
   * A read that can answer for all workspaces at once, with ten rows of each. Its value are the arguments that keep the
   * result of one workspace short.
   */
  allWorkspaces?: Readonly<Record<string, unknown>>;
  /** Rules across parameters: a sentence that names the parameter and the fix, or undefined. */
  check?(input: InputOf<S>): string | undefined;
  /** Describes the fields of a result. Further fields may appear. */
  output(): z.ZodObject;
  /** The length at which compact results clip texts. */
  clipAt?: number;
  /** The next step after an error, where the general rule does not fit. */
  nextStep?(error: HeyReachError, input: InputOf<S>): string | undefined;
  /**
   * Makes a tool that can contact people available in mode draft, for calls that contact no one.
   * @throws HeyReachError `not_sent` for any other call. It reads the present state, right before each write.
   */
  draftCheck?(input: InputOf<S>, context: ToolContext): Promise<void>;
  /** The verb of the confirmation form, lower case. Default: the first word of the name. */
  verb?: string;
  /** Calls of one API key with the same lock key are made one at a time. A second call is rejected. */
  lockKey?(input: InputOf<S>): string;
  run(input: InputOf<S>, context: ToolContext): Promise<ToolOutput>;
}

/**
 * Whether the tool requires a confirmation: never, always, or depending on arguments and state. A conditional preview is
 * undefined where none is required.
 */
type ConfirmationRule<S extends Shape> =
  | { confirmation: 'never'; preview?: never }
  | { confirmation: 'always'; preview(input: InputOf<S>, context: ToolContext): Promise<Preview> }
  | { confirmation: 'conditional'; preview(input: InputOf<S>, context: ToolContext): Promise<Preview | undefined> };

/**
 * HeyReach may reject the retry of an idempotent call because its first attempt succeeded. `verifyAfterRetry` reads the
 * state. It returns the result if the state is the requested one, undefined if it is not, and throws if it is unknown. A
 * tool without such a read has null, with the reason in a comment.
 */
type RetryRule<S extends Shape> =
  | { retry: Exclude<RetryClass, 'idempotent'>; verifyAfterRetry?: never }
  | {
      retry: 'idempotent';
      verifyAfterRetry: ((input: InputOf<S>, context: ToolContext) => Promise<ToolOutput | undefined>) | null;
    };

/** Everything that `defineTool` takes. */
export type ToolDefinition<S extends Shape> = Definition<S> & ConfirmationRule<S> & RetryRule<S>;

/** A tool whose parameter types no longer matter. */
export type Tool = Omit<Definition<Shape>, 'input' | 'output'> &
  ConfirmationRule<Shape> &
  RetryRule<Shape> & { readonly input: Shape; readonly output: z.ZodObject };

/**
 * Defines a tool. Its types require what every tool must declare. The schemas are made at the first call: clients start
 * servers only to list their tools, and the build has made what a list needs.
 */
export function defineTool<S extends Shape>({ input, output, ...definition }: ToolDefinition<S>): Tool {
  let madeInput: S | undefined;
  let madeOutput: z.ZodObject | undefined;
  const schemas = {
    get input() {
      madeInput ??= input();
      return madeInput;
    },
    get output() {
      madeOutput ??= output();
      return madeOutput;
    },
  };
  return Object.defineProperties(definition, Object.getOwnPropertyDescriptors(schemas)) as unknown as Tool;
}

/** The MCP annotations of a tool, derived from its definition. */
export function annotationsOf(tool: Tool) {
  return {
    readOnlyHint: tool.risk === 'read',
    destructiveHint: tool.risk === 'destructive' || tool.risk === 'egress' || tool.risk === 'outreach',
    idempotentHint: tool.retry !== 'never',
    openWorldHint: tool.name !== 'check_api_key',
  };
}
