import { Client as V2Client, StreamableHTTPClientTransport as V2Http } from '@modelcontextprotocol/client';
import { StdioClientTransport as V2Stdio } from '@modelcontextprotocol/client/stdio';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as V1Stdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ElicitRequestSchema, ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import * as z from 'zod';
import { recordOutput } from '../programs/output.ts';
import { cleanEnvironment, MAIN, startProgram } from '../programs/program.ts';
import { isFullRun } from '../runs/run-scope.ts';
import type { Form } from './forms.ts';
import { loadOldSdk, OLD_CLIENTS, type OldClientKind, type Sdk } from './old-sdks.ts';
import { type Subscribing, subscribingV1, subscribingV2 } from './subscriptions.ts';

/**
 * The clients that hosts use: the 2025 SDK, the present SDK in its 2025 mode, and the present SDK pinned to 2026-07-28.
 */
export const CLIENTS = ['v1', 'v2-legacy', 'v2-modern'] as const;
/** In addition, older releases of the 2025 SDK, oldest first. */
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

/** The reference of a completion, as the protocol names it. */
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

/** An MCP client of any SDK. */
export interface McpPeer extends Subscribing {
  listTools(): Promise<{ name: string; inputSchema: object; outputSchema?: object; annotations?: object }[]>;
  callTool(
    name: string,
    args?: unknown,
    options?: { onprogress?: (progress: Progress) => void; signal?: AbortSignal },
  ): Promise<ToolResult>;
  /** Lists as its SDK does: that of 2025 returns the first page, and the present one all pages. */
  listResources(): Promise<ListedResource[]>;
  listResourcePage(cursor?: string): Promise<ResourcePage>;
  listResourceTemplates(): Promise<{ uriTemplate: string; name: string; mimeType?: string }[]>;
  readResource(uri: string): Promise<{ uri: string; mimeType?: string; text: string }[]>;
  complete(ref: CompletionRef, name: string, value: string, otherArgs?: Record<string, string>): Promise<Completed>;
  listPrompts(): Promise<ListedPrompt[]>;
  getPrompt(name: string, args?: Record<string, string>): Promise<GotPrompt>;
  /** The result of a request, unchanged. */
  raw(method: string, params: object): Promise<Record<string, unknown>>;
  instructions(): string | undefined;
  serverTitle(): string | undefined;
  stderr(): string;
  close(): Promise<void>;
}

/** Answers the elicitations of a client. Without it, a client declares no elicitation. */
export type Person = (
  question: string,
  form: Form,
) => Promise<{ action: 'accept' | 'decline' | 'cancel'; content?: object }>;

/** Extensions of the protocol that a client declares, with their settings. */
export type Extensions = Record<string, object>;

export interface StdioOptions {
  args?: string[];
  env?: Record<string, string>;
  person?: Person;
  /** The extensions that the client declares. */
  extensions?: Extensions;
  /** Also starts the built program in the default run. */
  built?: boolean;
  /** A program to start in place of the built program of this repository, such as an installed one. */
  command?: readonly string[];
}

/** Starts the program over stdio, as `startProgram` does, and connects to it. */
export async function connectStdio(kind: ClientKind, options: StdioOptions): Promise<McpPeer> {
  const { args = [], env = {}, command, built = isFullRun || command !== undefined } = options;
  if (!built) return connectWorker(kind, options);
  const [program, ...first] = command ?? [process.execPath, MAIN];
  const launch = {
    command: program!,
    args: [...first, ...args],
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
  if (is2026Sdk(kind)) return connectV2(kind, watch(new V2Stdio(launch)), () => written, options);
  const sdk = await sdkOf(kind);
  return connectV1(new sdk.Client(INFO, ableTo(options)), watch(new sdk.Stdio(launch)), () => written, options.person);
}

/** Starts the program in this process and connects to its streams. */
async function connectWorker(kind: ClientKind, options: StdioOptions): Promise<McpPeer> {
  const program = await startProgram({ ...options, built: false });
  const { overStreams } = await import('../programs/worker-program.ts');
  let written = '';
  program.stderr?.on('data', (chunk) => {
    written += chunk;
    recordOutput(String(chunk));
  });
  const transport = overStreams(program);
  if (is2026Sdk(kind)) return connectV2(kind, transport as unknown as V2Stdio, () => written, options);
  const sdk = await sdkOf(kind);
  return connectV1(new sdk.Client(INFO, ableTo(options)), transport, () => written, options.person);
}

/** Connects to an endpoint over Streamable HTTP. */
export async function connectHttp(
  kind: ClientKind,
  url: string,
  headers: Record<string, string> = {},
  person?: Person,
  extensions?: Extensions,
): Promise<McpPeer> {
  const options = { requestInit: { headers } };
  const able = { person, extensions };
  if (is2026Sdk(kind)) return connectV2(kind, new V2Http(new URL(url), options), () => '', able);
  const sdk = await sdkOf(kind);
  return connectV1(new sdk.Client(INFO, ableTo(able)), new sdk.Http(new URL(url), options), () => '', person);
}

const is2026Sdk = (kind: ClientKind): kind is 'v2-legacy' | 'v2-modern' => kind.startsWith('v2');

async function sdkOf(kind: OldClientKind | 'v1'): Promise<Sdk> {
  return kind === 'v1' ? { Client: V1Client, Stdio: V1Stdio, Http: V1Http } : loadOldSdk(kind);
}

const INFO = { name: 'heyreach-mcp-tests', version: '1.0.0' };

/** The protocol also has questions without a form, which this server never asks. */
function askPerson(person: Person, params: { message: string }) {
  const form = 'requestedSchema' in params ? params.requestedSchema : undefined;
  return person(params.message, form as Form) as never;
}

interface Abilities {
  person?: Person | undefined;
  extensions?: Extensions | undefined;
}

const capabilitiesOf = ({ person, extensions }: Abilities, elicitation: object) => ({
  ...(person === undefined ? {} : { elicitation }),
  ...(extensions === undefined ? {} : { extensions }),
});

const ableTo = (abilities: Abilities) => ({
  capabilities: capabilitiesOf(abilities, {}) as never,
  jsonSchemaValidator: sharedValidator,
});

const ajv = new AjvJsonSchemaValidator();
const validators = new Map<string, ReturnType<typeof ajv.getValidator>>();
/** The validator that the 2025 SDK uses by default. It compiles each output schema once for all clients. */
const sharedValidator = {
  getValidator(schema: Parameters<typeof ajv.getValidator>[0]) {
    const text = JSON.stringify(schema);
    const validator = validators.get(text) ?? ajv.getValidator(schema);
    validators.set(text, validator);
    return validator as never;
  },
};

async function connectV1(
  client: V1Client,
  transport: V1Stdio | V1Http | Transport,
  stderr: () => string,
  person?: Person,
): Promise<McpPeer> {
  if (person !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => askPerson(person, params));
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
    complete: async (ref, name, value, otherArgs) =>
      recordedAs(await client.complete(completing(ref, name, value, otherArgs))),
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
  abilities: Abilities,
): Promise<McpPeer> {
  const { person } = abilities;
  const mode = kind === 'v2-modern' ? { pin: '2026-07-28' } : 'legacy';
  const capabilities = capabilitiesOf(abilities, { form: {} });
  const client = new V2Client(INFO, { capabilities, versionNegotiation: { mode } } as never);
  if (person !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => askPerson(person, params));
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
    complete: async (ref, name, value, otherArgs) =>
      recordedAs(await client.complete(completing(ref, name, value, otherArgs))),
    listPrompts: async () => (await client.listPrompts()).prompts as never,
    getPrompt: async (name, args) => recordedAs(await client.getPrompt({ name, arguments: args ?? {} })),
    raw: async (method, params) =>
      recordedAs(
        // The SDK has no result schema for the methods of an extension.
        method.startsWith('skills/')
          ? await client.request({ method, params } as never, z.looseObject({}))
          : await client.request({ method, params } as never),
      ),
    instructions: () => client.getInstructions(),
    serverTitle: () => client.getServerVersion()?.title,
    stderr,
    close: () => client.close(),
  };
}

function completing(ref: CompletionRef, name: string, value: string, otherArgs: Record<string, string> | undefined) {
  return { ref, argument: { name, value }, ...(otherArgs === undefined ? {} : { context: { arguments: otherArgs } }) };
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
