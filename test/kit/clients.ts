import { Client as V2Client, StreamableHTTPClientTransport as V2Http } from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { loadOldSdk, OLD_CLIENTS, type OldClientKind, type Sdk } from './old-sdks.ts';
import { recordOutput } from './output.ts';
import { cleanEnvironment, MAIN } from './program.ts';
import { type Subscribing, subscribingV1, subscribingV2 } from './subscribing.ts';

/** The clients that hosts are built on: the 2025 SDK, the present one in its 2025 mode, and pinned to 2026-07-28. */
export const CLIENTS = ['v1', 'v2-legacy', 'v2-modern'] as const;
/** With older releases of the 2025 SDK, oldest first. */
export const ALL_CLIENTS = [...OLD_CLIENTS, ...CLIENTS] as const;
export type ClientKind = (typeof ALL_CLIENTS)[number];

export interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent?: Record<string, unknown>;
  _meta?: Record<string, unknown>;
}

export interface Progress {
  progress: number;
  total?: number;
  message?: string;
}

export interface ListedResource {
  uri: string;
  name: string;
  description?: string;
  mimeType?: string;
}

export interface ResourcePage {
  resources: ListedResource[];
  nextCursor?: string;
  _meta?: Record<string, unknown>;
}

/** What is to be completed, as the protocol names it. */
export type CompletionRef = { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string };

export interface Completed {
  completion: { values: string[]; total?: number; hasMore?: boolean };
  _meta?: Record<string, unknown>;
}

export interface ListedPrompt {
  name: string;
  title?: string;
  description?: string;
  arguments?: { name: string; description?: string; required?: boolean }[];
}

export interface GotPrompt {
  messages: {
    role: string;
    content: { type: string; text?: string; resource?: { uri: string; mimeType?: string; text: string } };
  }[];
}

/** An MCP client, whichever SDK it is made of. */
export interface McpPeer extends Subscribing {
  listTools(): Promise<{ name: string; inputSchema: object; outputSchema?: object; annotations?: object }[]>;
  callTool(
    name: string,
    args?: unknown,
    options?: { onprogress?: (progress: Progress) => void; signal?: AbortSignal },
  ): Promise<ToolResult>;
  /** As its SDK lists: 2025's the first page, the present one all pages. */
  listResources(): Promise<ListedResource[]>;
  listResourcePage(cursor?: string): Promise<ResourcePage>;
  listResourceTemplates(): Promise<{ uriTemplate: string; name: string; mimeType?: string }[]>;
  readResource(uri: string): Promise<{ uri: string; mimeType?: string; text: string }[]>;
  complete(ref: CompletionRef, name: string, value: string, given?: Record<string, string>): Promise<Completed>;
  listPrompts(): Promise<ListedPrompt[]>;
  getPrompt(name: string, args?: Record<string, string>): Promise<GotPrompt>;
  /** The result of a request as it came. */
  raw(method: string, params: object): Promise<Record<string, unknown>>;
  instructions(): string | undefined;
  serverTitle(): string | undefined;
  stderr(): string;
  close(): Promise<void>;
}

/** Whoever answers a client's questions; a client without anybody declares no elicitation. */
export type Person = (question: string) => Promise<{ action: 'accept' | 'decline' | 'cancel'; content?: object }>;

export interface StdioOptions {
  args?: string[];
  env?: Record<string, string>;
  person?: Person;
}

/** Starts the built program over stdio and connects to it. */
export async function connectStdio(kind: ClientKind, { args = [], env = {}, person }: StdioOptions): Promise<McpPeer> {
  const launch = {
    command: process.execPath,
    args: [MAIN, ...args],
    env: cleanEnvironment(env),
    stderr: 'pipe' as const,
  };
  let written = '';
  const watch = <T extends V1Stdio | V2Stdio>(transport: T): T => {
    transport.stderr?.on('data', (chunk) => {
      written += chunk;
      recordOutput(String(chunk));
    });
    return transport;
  };
  if (is2026Sdk(kind)) return connectV2(kind, watch(new V2Stdio(launch)), () => written, person);
  const sdk = await sdkOf(kind);
  return connectV1(new sdk.Client(INFO, ableTo(person)), watch(new sdk.Stdio(launch)), () => written, person);
}

/** Connects to an endpoint over Streamable HTTP. */
export async function connectHttp(
  kind: ClientKind,
  url: string,
  headers: Record<string, string> = {},
  person?: Person,
): Promise<McpPeer> {
  const options = { requestInit: { headers } };
  if (is2026Sdk(kind)) return connectV2(kind, new V2Http(new URL(url), options), () => '', person);
  const sdk = await sdkOf(kind);
  return connectV1(new sdk.Client(INFO, ableTo(person)), new sdk.Http(new URL(url), options), () => '', person);
}

const is2026Sdk = (kind: ClientKind): kind is 'v2-legacy' | 'v2-modern' => kind.startsWith('v2');

async function sdkOf(kind: OldClientKind | 'v1'): Promise<Sdk> {
  return kind === 'v1' ? { Client: V1Client, Stdio: V1Stdio, Http: V1Http } : loadOldSdk(kind);
}

const INFO = { name: 'heyreach-mcp-tests', version: '1.0.0' };

const ableTo = (person?: Person) => (person === undefined ? {} : { capabilities: { elicitation: {} } });

async function connectV1(
  client: V1Client,
  transport: V1Stdio | V1Http,
  stderr: () => string,
  person?: Person,
): Promise<McpPeer> {
  if (person !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params.message) as never);
  }
  const subscribing = subscribingV1(client);
  await client.connect(transport as V1Stdio);
  return {
    ...subscribing,
    listTools: async () => (await client.listTools()).tools as never,
    callTool: async (name, args, options) =>
      recorded(await client.callTool({ name, arguments: args as never }, undefined, options as never)),
    listResources: async () => (await client.listResources()).resources as never,
    listResourcePage: async (cursor) => (await client.listResources({ cursor })) as never,
    listResourceTemplates: async () => (await client.listResourceTemplates()).resourceTemplates as never,
    readResource: async (uri) => recordedContents(await client.readResource({ uri })),
    complete: async (ref, name, value, given) => recordedAs(await client.complete(completing(ref, name, value, given))),
    listPrompts: async () => (await client.listPrompts()).prompts as never,
    getPrompt: async (name, args) => recordedAs(await client.getPrompt({ name, arguments: args ?? {} })),
    raw: async (method, params) => recordedAs(await client.request({ method, params } as never, ResultSchema)),
    instructions: () => client.getInstructions(),
    serverTitle: () => client.getServerVersion()?.title,
    stderr,
    close: () => client.close(),
  };
}

async function connectV2(
  kind: ClientKind,
  transport: V2Stdio | V2Http,
  stderr: () => string,
  person?: Person,
): Promise<McpPeer> {
  const mode = kind === 'v2-modern' ? { pin: '2026-07-28' } : 'legacy';
  const capabilities = person === undefined ? {} : { elicitation: { form: {} } };
  const client = new V2Client(INFO, { capabilities, versionNegotiation: { mode } } as never);
  if (person !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => person(params.message) as never);
  }
  const subscribing = subscribingV2(client, kind === 'v2-modern');
  await client.connect(transport);
  return {
    ...subscribing,
    listTools: async () => (await client.listTools()).tools as never,
    callTool: async (name, args, options) =>
      recorded(await client.callTool({ name, arguments: args as never }, options as never)),
    listResources: async () => (await client.listResources()).resources as never,
    listResourcePage: async (cursor) =>
      (await client.request({ method: 'resources/list', params: cursor === undefined ? {} : { cursor } })) as never,
    listResourceTemplates: async () => (await client.listResourceTemplates()).resourceTemplates as never,
    readResource: async (uri) => recordedContents(await client.readResource({ uri })),
    complete: async (ref, name, value, given) => recordedAs(await client.complete(completing(ref, name, value, given))),
    listPrompts: async () => (await client.listPrompts()).prompts as never,
    getPrompt: async (name, args) => recordedAs(await client.getPrompt({ name, arguments: args ?? {} })),
    raw: async (method, params) => recordedAs(await client.request({ method, params } as never)),
    instructions: () => client.getInstructions(),
    serverTitle: () => client.getServerVersion()?.title,
    stderr,
    close: () => client.close(),
  };
}

function completing(ref: CompletionRef, name: string, value: string, given: Record<string, string> | undefined) {
  return { ref, argument: { name, value }, ...(given === undefined ? {} : { context: { arguments: given } }) };
}

function recordedAs<Result>(result: unknown): Result {
  recordOutput(JSON.stringify(result));
  return result as Result;
}

function recordedContents({ contents }: { contents: unknown[] }) {
  recordOutput(JSON.stringify(contents));
  return contents as { uri: string; mimeType?: string; text: string }[];
}

function recorded(result: unknown): ToolResult {
  recordOutput(JSON.stringify(result));
  return result as ToolResult;
}
