import { z } from 'zod';
import { defineTool, type InputOf, type Tool, type ToolContext } from '../../../src/mcp/tool.ts';
import type { Lifted } from './toolbox.ts';

interface Fixture<S extends z.ZodRawShape> {
  name: string;
  description: string;
  input?: S;
  run(input: InputOf<S>, context: ToolContext): Promise<Lifted> | Lifted;
}

/** A tool of the suite, defined like a tool of the product. */
export function fixture<S extends z.ZodRawShape = Record<never, never>>(definition: Fixture<S>): Tool {
  const { name, description, input = {} as S, run } = definition;
  return defineTool({
    name,
    title: name,
    description,
    toolset: 'account',
    risk: 'read',
    confirmation: 'never',
    retry: 'safe',
    input: () => input,
    output: () => z.looseObject({}),
    run: async (read, context) => ({ data: { ...(await run(read, context)) } }),
  });
}

/** A text as the content of a tool result. */
export function says(text: string): Lifted {
  return { content: [{ type: 'text', text }] };
}
