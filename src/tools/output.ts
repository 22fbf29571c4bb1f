import { z } from 'zod';
import { fitTo } from '../client/index.ts';
import { annotationsOf, type Tool } from './define.ts';
import { isIdentifier, publishedRequired } from './fields.ts';
import { inputObject } from './input.ts';

/** What every result may carry instead of data. */
const errorTwin = z.looseObject({
  kind: z.string(),
  status: z.number().optional(),
  message: z.string(),
  nextStep: z.string(),
  retryAfterSeconds: z.number().optional(),
  outcome: z.enum(['not_sent', 'refused', 'unknown']),
});

/** What a result carries instead of data while the call is not allowed yet. */
const confirmation = z.looseObject({
  required: z.boolean(),
  preview: z.looseObject({ text: z.string() }),
  confirmToken: z.string().optional(),
  expiresAt: z.string().optional(),
});

const outputs = new WeakMap<Tool, z.ZodObject>();

/** The whole output schema of a tool: its own fields, an error, and the mark of a cut result. */
function outputObject(tool: Tool): z.ZodObject {
  let made = outputs.get(tool);
  if (made === undefined) {
    const optional = Object.fromEntries(
      Object.entries(tool.output.shape).map(([name, field]) => [name, (field as z.ZodType).optional()]),
    );
    const mayAsk =
      tool.asks === 'no'
        ? {}
        : {
            confirmation: confirmation.optional().describe('nothing was done yet: somebody has to allow it first'),
            declined: z.boolean().optional().describe('nothing was done: it was not allowed'),
          };
    made = z.looseObject({
      ...optional,
      truncated: z.boolean().optional().describe('rows or long texts were left off to stay short'),
      untrustedFields: z.array(z.string()).optional(),
      error: errorTwin.optional(),
      ...mayAsk,
    });
    outputs.set(tool, made);
  }
  return made;
}

/** The public definition of a tool, as `tools/list` gives it. Costs a few milliseconds for all tools: make it once. */
export function describeTool(tool: Tool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: toSchema(inputObject(tool), 'input'),
    outputSchema: { ...toSchema(outputObject(tool), 'output'), anyOf: branches(tool) },
    annotations: { title: tool.title, ...annotationsOf(tool) },
  };
}

/** Clients check error results too, so the root says what a result may be. */
function branches(tool: Tool) {
  const own = Object.entries(tool.output.shape)
    .filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
    .map(([name]) => name);
  const others = tool.asks === 'no' ? ['error'] : ['error', 'confirmation', 'declined'];
  return [{ required: own }, ...others.map((name) => ({ required: [name] }))];
}

interface JsonSchema {
  type: 'object';
  properties: Record<string, object>;
  [keyword: string]: unknown;
}

function toSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      // What only costs a model tokens: bounds that say "safe integer", patterns that a description says in words.
      if (isIdentifier(zodSchema as unknown as z.ZodType)) {
        delete jsonSchema.exclusiveMinimum;
        delete jsonSchema.maximum;
      }
      delete jsonSchema.pattern;
      if (jsonSchema.minLength === 1) delete jsonSchema.minLength;
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      if (isEmpty(jsonSchema.properties) && jsonSchema.additionalProperties === undefined) delete jsonSchema.properties;
      const required = publishedRequired(zodSchema as unknown as z.ZodType);
      if (required !== undefined) jsonSchema.required = [...required];
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  return made as JsonSchema;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/**
 * Makes a result fit its output schema where HeyReach sent a value of an odd type: clients throw away what does not fit.
 * @returns the paths that had to be changed, usually none.
 */
export function fitOutput(tool: Tool, structured: Record<string, unknown>): string[] {
  return fitTo(outputObject(tool), structured);
}
