import { z } from 'zod';
import type { CallOptions, HeyReachClient } from '../client/index.ts';
import { own } from '../client/operations/fields.ts';
import type { ToolAnswer } from '../tools/define.ts';

/** What a resource is read with. */
export interface ResourceContext {
  client: HeyReachClient;
  /** Passed along with every call to HeyReach: signal, deadline. */
  call: CallOptions;
  /** The JSON may take so many bytes: for what is of no use when it is cut. */
  room: number;
  /** The tools that are shown: only these can be named as the way to what was left out. */
  hasTool(name: string): boolean;
}

/** What a resource holds, before it is shaped. */
export interface ResourceAnswer {
  data: Record<string, unknown>;
  rows?: ToolAnswer['rows'];
  /** With these arguments the resource's tool gives all of it: named where it had to be cut other than by rows. */
  wholeBy?: Record<string, unknown>;
  /** Nothing is left out and no text clipped, as far as it fits. */
  whole?: boolean;
  /** The same for a person to read, in pieces of which some may have to be left out. */
  markdown?: Markdown;
}

/** A text in pieces. */
export interface Markdown {
  head: string;
  pieces: readonly string[];
  /** Which pieces survive a cut. */
  keep: 'first' | 'last';
  /** What is said where so many pieces are left out. */
  leftOut(count: number): string;
}

/** A resource of a workspace, or, with variables in its URI, a template of many. */
export interface Resource {
  /** `heyreach://campaigns`, `heyreach://campaigns/{campaignId}`. */
  uri: string;
  /** The tool that reads the same: where it is hidden, so is the resource. */
  tool: string;
  name: string;
  title: string;
  description: string;
  /** Of the first content; the JSON always comes along. */
  mimeType?: 'text/markdown';
  /** Names the fields of the JSON; loose. */
  output: z.ZodObject;
  /** @param values of the variables, checked for form. */
  read(values: Record<string, string>, context: ResourceContext): Promise<ResourceAnswer>;
}

/** A text that is part of this program and the same for everybody. */
export interface Guide {
  uri: string;
  name: string;
  title: string;
  description: string;
  text: string;
}

/** Where an answer says what is not in it. */
export const restFields = {
  leftOut: z.union([z.number(), z.literal('unknown')]).optional(),
  rest: own(z.looseObject({ tool: z.string(), arguments: z.looseObject({}) })).optional(),
};

/**
 * The way to the rows that are not in a resource: how many, and the call of a tool that gives them, if it is shown.
 * @returns nothing where nothing is left.
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
