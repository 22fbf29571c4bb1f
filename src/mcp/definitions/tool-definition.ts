import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { publishedForm, publishedRequired } from '../arguments/fields.ts';
import { inputObject } from '../arguments/parse-arguments.ts';
import { annotationsOf, type Tool } from '../tool.ts';
import { type Workspaces, workspaceParameter } from '../workspaces.ts';
import { toPortableSchema } from './portable-schema.ts';

/** The error that any result may have instead of data. */
const errorBody = lazy(() =>
  z.looseObject({
    kind: z.string(),
    status: z.number().optional(),
    message: z.string(),
    meaning: z.string().optional(),
    nextStep: z.string(),
    retryAfterSeconds: z.number().optional(),
    outcome: z.enum(['not_sent', 'refused', 'unknown']),
  }),
);

/** The confirmation that a result may have instead of data. */
const confirmation = lazy(() =>
  z.looseObject({
    required: z.boolean(),
    preview: z.looseObject({ text: z.string() }),
    confirmToken: z.string().optional(),
    expiresAt: z.string().optional(),
  }),
);

const outputs = new WeakMap<Tool, z.ZodObject>();

/** The whole output schema of a tool, with the fields that any result may have. */
function outputObject(tool: Tool): z.ZodObject {
  let made = outputs.get(tool);
  if (made === undefined) {
    const optional = Object.fromEntries(
      Object.entries(tool.output.shape).map(([name, field]) => [name, (field as z.ZodType).optional()]),
    );
    const mayAsk =
      tool.confirmation === 'never'
        ? {}
        : {
            confirmation: confirmation().optional().describe('Nothing was done yet. The call requires confirmation.'),
            declined: z.boolean().optional().describe('nothing was done: the call was not confirmed'),
          };
    made = z.looseObject({
      ...optional,
      truncated: z.boolean().optional().describe('rows or long texts were omitted to limit the size'),
      untrustedFields: z.array(z.string()).optional(),
      error: errorBody().optional(),
      ...mayAsk,
    });
    outputs.set(tool, made);
  }
  return made;
}

interface DescribeOptions {
  /** Whether the server asks for confirmation. */
  isConfirmationOn: boolean;
  /** The workspaces among which calls choose. */
  workspaces?: Workspaces | undefined;
}

/**
 * The definition of a tool in `tools/list`.
 */
export function describeTool(
  tool: Tool,
  { isConfirmationOn, workspaces }: DescribeOptions = { isConfirmationOn: true },
) {
  const description = descriptionOf(tool);
  return {
    name: tool.name,
    title: tool.title,
    description: isConfirmationOn ? description : description.replace(ASKS, ''),
    ...(workspaces === undefined ? schemasOf(tool) : withWorkspace(schemasOf(tool), tool, workspaces)),
    annotations: { title: tool.title, ...annotationsOf(tool) },
  };
}

/** The schemas that `tools/list` publishes. */
interface ToolSchemas {
  inputSchema: JsonObjectSchema;
  outputSchema: JsonObjectSchema;
}

/** The file with the schemas of all tools, next to the built program. Undefined where the sources run. */
declare const TOOL_SCHEMAS_FILE: string | undefined;
let built: Record<string, ToolSchemas> | undefined;
const made = new WeakMap<Tool, ToolSchemas>();

/** zod takes hundreds of milliseconds for the schemas of all tools, so the build makes them, and nothing makes them twice. */
function schemasOf(tool: Tool): ToolSchemas {
  let schemas = made.get(tool);
  if (schemas === undefined) {
    built ??= readBuiltSchemas();
    schemas = built[tool.name] ?? makeSchemas(tool);
    made.set(tool, schemas);
  }
  return schemas;
}

function readBuiltSchemas(): Record<string, ToolSchemas> {
  if (typeof TOOL_SCHEMAS_FILE === 'undefined') return {};
  return JSON.parse(readFileSync(new URL(TOOL_SCHEMAS_FILE, import.meta.url), 'utf8')) as Record<string, ToolSchemas>;
}

function makeSchemas(tool: Tool): ToolSchemas {
  return {
    inputSchema: toSchema(inputObject(tool), 'input'),
    outputSchema: { ...toSchema(outputObject(tool), 'output'), anyOf: branches(tool) },
  };
}

/** Adds the parameter `workspace` and the result of all workspaces, where there are several. */
function withWorkspace(schemas: ToolSchemas, tool: Tool, workspaces: Workspaces): ToolSchemas {
  const parameter = workspaceParameter(tool, workspaces);
  if (parameter === undefined) return schemas;
  const { inputSchema, outputSchema } = schemas;
  const { properties, required = [] } = inputSchema as { properties?: object; required?: string[] };
  const { anyOf } = outputSchema as unknown as { anyOf: object[] };
  return {
    inputSchema: {
      ...inputSchema,
      properties: { ...properties, workspace: parameter.schema },
      ...(parameter.isRequired ? { required: [...required, 'workspace'] } : {}),
    },
    outputSchema:
      tool.allWorkspaces === undefined
        ? outputSchema
        : { ...outputSchema, anyOf: [...anyOf, { required: ['workspaces'] }] },
  };
}

/**
 * Makes the content of the file with the schemas. The build calls it, which knip cannot see.
 * @public
 */
export function schemasByName(tools: readonly Tool[]): Record<string, ToolSchemas> {
  return Object.fromEntries(tools.map((tool) => [tool.name, makeSchemas(tool)]));
}

/** The sentence of a description that says when a tool asks. */
const ASKS = / Asks for confirmation [^.]*\./;

/** Some frameworks never pass on the server's instructions, so the description says that a tool asks. */
function descriptionOf({ description, confirmation }: Tool): string {
  // A tool that asks under some conditions describes them itself.
  return confirmation === 'always' ? `${description} Asks for confirmation first.` : description;
}

/** Clients validate error results too, so the root lists what a result may be. */
function branches(tool: Tool) {
  const own = Object.entries(tool.output.shape)
    .filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
    .map(([name]) => name);
  const asking = tool.confirmation === 'never' ? [] : ['confirmation', 'declined'];
  // A call that goes on as a job has no result yet.
  const others = ['error', ...asking, ...('job' in tool.output.shape ? ['job'] : [])];
  return [{ required: own }, ...others.map((name) => ({ required: [name] }))];
}

interface JsonObjectSchema {
  type: 'object';
  properties: Record<string, object>;
  [keyword: string]: unknown;
}

function toSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonObjectSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema, path }) {
      const schema = zodSchema as unknown as z.ZodType;
      const form = publishedForm(schema);
      if (form !== undefined) {
        delete jsonSchema.additionalProperties;
        Object.assign(jsonSchema, toSchema(form, io));
      }
      // Removed to save tokens: safe-integer bounds, and patterns that a description explains.
      if (jsonSchema.type === 'integer') {
        if (jsonSchema.exclusiveMinimum === 0) jsonSchema.minimum = 1;
        delete jsonSchema.exclusiveMinimum;
        if (Math.abs(jsonSchema.minimum ?? 0) === Number.MAX_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      }
      delete jsonSchema.pattern;
      // "" counts as omitted, so an optional text has no minimum. The minimum of a name is always said.
      const isName = /name$/i.test(String(path.at(-1)));
      if (jsonSchema.minLength === 1 && schema instanceof z.ZodOptional && !isName) delete jsonSchema.minLength;
      if (isEmpty(jsonSchema.additionalProperties)) delete jsonSchema.additionalProperties;
      if (isEmpty(jsonSchema.properties) && jsonSchema.additionalProperties === undefined) delete jsonSchema.properties;
      const required = publishedRequired(zodSchema as unknown as z.ZodType);
      if (required !== undefined) jsonSchema.required = [...required];
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  return toPortableSchema(made) as JsonObjectSchema;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
