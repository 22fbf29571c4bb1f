import * as z from 'zod';
import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import { markOwn } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import type { ToolOutput } from '../../mcp/tool.ts';

/** What a resource needs for a read. */
export interface ResourceContext {
  client: HeyReachClient;
  /** The options of every call to HeyReach: signal, deadline. */
  call: CallOptions;
  /** The limit for the JSON, for resources that are useless when they are truncated. */
  maxBytes: number;
  /** Only enabled tools may be named in a result. */
  hasTool(name: string): boolean;
}

/** The content of a resource before it is fitted to its size limit. */
export interface ResourceOutput {
  data: Record<string, unknown>;
  rows?: ToolOutput['rows'];
  nullFields?: ToolOutput['nullFields'];
  /** The arguments with which the resource's tool returns all of it. Named where the cut is not by rows. */
  fullArguments?: Record<string, unknown>;
  /** Leaves nothing out and clips no text, as far as it fits. */
  isFull?: boolean;
  /** The same content as text to read. */
  markdown?: Markdown;
}

/** A text in pieces, of which some may be left out. */
export interface Markdown {
  head: string;
  pieces: readonly string[];
  /** Which pieces stay when the text is cut. */
  keep: 'first' | 'last';
  /** The note about pieces that were left out. */
  leftOutNote(count: number): string;
}

/** An MCP resource of a workspace, or a resource template where its URI has variables. */
export interface Resource {
  /** `heyreach://campaigns`, `heyreach://campaigns/{campaignId}`. */
  uri: string;
  /** The tool that reads the same. Where it is disabled, the resource is hidden. */
  tool: string;
  name: string;
  title: string;
  description: string;
  /** The type of the first content. The JSON is always included. */
  mimeType?: 'text/markdown';
  /** A loose schema of the JSON. */
  output(): z.ZodObject;
  /** @param values the checked values of the URI's variables. */
  read(values: Record<string, string>, context: ResourceContext): Promise<ResourceOutput>;
}

/** A text that is part of this program and the same in every workspace. */
export interface Guide {
  uri: string;
  name: string;
  title: string;
  description: string;
  text: string;
}

/** The fields that say how many rows are missing, and which call returns them. */
export const restFields = lazy(() => ({
  leftOut: z.union([z.number(), z.literal('unknown')]).optional(),
  rest: markOwn(z.looseObject({ tool: z.string(), arguments: z.looseObject({}) })).optional(),
}));

/**
 * The number of rows that are not in a resource, and the tool call that returns them if the tool is enabled.
 * @returns no fields where no row is missing.
 */
export function restOf(
  { hasTool }: ResourceContext,
  left: number | 'unknown',
  tool: string,
  args: Record<string, unknown>,
): Record<string, unknown> {
  if (left === 0) return {};
  return { leftOut: left, ...(hasTool(tool) ? { rest: { tool, arguments: args } } : {}) };
}
