import { type CompleteResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import { HeyReachError } from '../client/index.ts';
import { quoteInput } from '../lib/outside-text.ts';
import { logOperation } from '../mcp/logging/log-operation.ts';
import { type RequestContext, withSource, withTrace } from '../mcp/request-context.ts';
import { toProtocolError } from '../mcp/results/protocol-error.ts';
import { inNamedWorkspace } from '../mcp/workspaces.ts';
import type { PromptRegistry } from '../prompts/prompt-registry.ts';
import type { Resource } from '../resources/shared/types.ts';
import { variablesOf } from '../resources/shared/uri-template.ts';
import type { Completer } from './completer.ts';
import { matching, type Row } from './match.ts';

type Ref = { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string };

/** Serves `completion/complete` for the variables of resource templates and the arguments of prompts. */
export function registerCompletion(
  server: Server,
  shared: RequestContext,
  completer: Completer,
  promptRegistry: PromptRegistry,
  resources: readonly Resource[],
): void {
  server.setRequestHandler('completion/complete', async ({ params }, { mcpReq }) => {
    const context = withTrace(shared, mcpReq._meta);
    const { name: variable, value: typed } = params.argument;
    const suggestions = findArgument(params.ref as Ref, variable, promptRegistry, resources);
    if (suggestions !== undefined) return withSource(toResult(matching(suggestions, typed)), context);
    const { toolMs: maxWaitMs, log } = context;
    const { client } = inNamedWorkspace(context, params.context?.arguments ?? {});
    if (client === undefined || !completer.canComplete(variable)) return withSource(toResult([]), context);
    const request = { variable, typed, context: params.context?.arguments ?? {}, client, maxWaitMs };
    const line = { message: 'values were completed', fields: { variable } };
    try {
      const { rows, total, hasMore } = await logOperation(log, line, (observe) =>
        completer.complete({ ...request, observe }),
      );
      return withSource(toResult(rows, total, hasMore), context);
    } catch (error) {
      // An empty result would hide a wrong key.
      throw error instanceof HeyReachError ? toProtocolError(`values of ${variable}`, error, context) : error;
    }
  });
}

/**
 * @returns the suggestions of an argument that has fixed ones.
 * @throws ProtocolError -32602 for an unknown template, prompt, variable or argument.
 */
function findArgument(
  ref: Ref,
  name: string,
  promptRegistry: PromptRegistry,
  resources: readonly Resource[],
): Row[] | undefined {
  if (ref.type === 'ref/prompt') {
    const prompt = promptRegistry.get(ref.name);
    if (prompt === undefined) throw unknown('prompt', ref.name);
    const argument = prompt.arguments.find((argument) => argument.name === name);
    if (argument === undefined) throw unknown(`argument of ${prompt.name}`, name);
    return argument.suggest?.().map((value) => ({ id: value, name: value }));
  }
  const variables = resources.filter(({ uri }) => uri === ref.uri).flatMap(({ uri }) => variablesOf(uri));
  if (variables.length === 0) throw unknown('resource template', ref.uri);
  if (!variables.includes(name)) throw unknown(`variable of ${ref.uri}`, name);
  return undefined;
}

function unknown(thing: string, name: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${thing} ${quoteInput(name, 200)}.`);
}

/** The protocol's limit. */
const MAX_VALUES = 100;

function toResult(
  matches: readonly Row[],
  total: number | undefined = matches.length,
  hasMore = matches.length > MAX_VALUES,
): CompleteResult {
  const rows = matches.slice(0, MAX_VALUES);
  const named = rows.filter(({ id, name }) => name !== '' && name !== id);
  return {
    completion: { values: rows.map(({ id }) => id), ...(total === undefined ? {} : { total }), hasMore },
    ...(named.length === 0
      ? {}
      : { _meta: { 'heyreach-mcp/names': Object.fromEntries(named.map(({ id, name }) => [id, name])) } }),
  };
}
