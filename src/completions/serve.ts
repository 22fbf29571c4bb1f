import { type CompleteResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import { HeyReachError } from '../client/index.ts';
import type { Shelf } from '../prompts/shelf.ts';
import { logged } from '../resources/logged.ts';
import { toProtocolError } from '../resources/read.ts';
import type { Resource } from '../resources/resource.ts';
import { variablesOf } from '../resources/uri.ts';
import { cleanText } from '../tools/clean.ts';
import type { Caller } from '../tools/context.ts';
import { withSource } from '../tools/source-meta.ts';
import type { Completions } from './completions.ts';
import { matching } from './match.ts';

type Ref = { type: 'ref/resource'; uri: string } | { type: 'ref/prompt'; name: string };

/** Answers what can stand for a variable of a template or an argument of a prompt that is shown, on behalf of one caller. */
export function serveCompletions(
  server: Server,
  caller: Caller,
  completions: Completions,
  shelf: Shelf,
  resources: readonly Resource[],
): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument, context } }) => {
    const suggestions = findArgument(ref as Ref, argument.name, shelf, resources);
    if (suggestions !== undefined) return withSource(answer(matching(suggestions, argument.value)), caller);
    const { client, toolMs, log } = caller;
    if (client === undefined || !completions.knows(argument.name)) return withSource(answer([]), caller);
    const given = context?.arguments ?? {};
    const asked = { variable: argument.name, typed: argument.value, given, client, withinMs: toolMs };
    const line = { message: 'values were completed', fields: { variable: argument.name } };
    try {
      const { rows, total, hasMore } = await logged(log, line, (observe) => completions.find({ ...asked, observe }));
      return withSource(answer(rows, total, hasMore), caller);
    } catch (error) {
      // Nothing found and nothing readable are not the same: a wrong key has to show.
      throw error instanceof HeyReachError ? toProtocolError(`values of ${argument.name}`, error, caller) : error;
    }
  });
}

/**
 * Looks up what is to be completed.
 * @returns the values where they are always the same.
 * @throws ProtocolError -32602 for a template, a prompt or an argument that does not exist.
 */
function findArgument(
  ref: Ref,
  name: string,
  shelf: Shelf,
  resources: readonly Resource[],
): { id: string; name: string }[] | undefined {
  if (ref.type === 'ref/prompt') {
    const prompt = shelf.get(ref.name);
    if (prompt === undefined) throw unknown('prompt', ref.name);
    const found = prompt.arguments.find((one) => one.name === name);
    if (found === undefined) throw unknown(`argument of ${prompt.name}`, name);
    return found.suggest?.().map((value) => ({ id: value, name: value }));
  }
  const variables = resources.filter(({ uri }) => uri === ref.uri).flatMap(({ uri }) => variablesOf(uri));
  if (variables.length === 0) throw unknown('resource template', ref.uri);
  if (!variables.includes(name)) throw unknown(`variable of ${ref.uri}`, name);
  return undefined;
}

function unknown(what: string, name: string): ProtocolError {
  const said = JSON.stringify(cleanText(name).slice(0, 200));
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${what} ${said}.`);
}

const MOST_VALUES = 100;

function answer(
  found: readonly { id: string; name: string }[],
  total: number | undefined = found.length,
  hasMore = found.length > MOST_VALUES,
): CompleteResult {
  const shown = found.slice(0, MOST_VALUES);
  const names = Object.fromEntries(
    shown.filter(({ id, name }) => name !== '' && name !== id).map(({ id, name }) => [id, name]),
  );
  return {
    completion: { values: shown.map(({ id }) => id), ...(total === undefined ? {} : { total }), hasMore },
    ...(Object.keys(names).length === 0 ? {} : { _meta: { 'heyreach-mcp/names': names } }),
  };
}
