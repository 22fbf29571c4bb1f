import {
  type GetPromptResult,
  inputRequired,
  inputResponse,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { createServer } from '../../../src/server.ts';
import { askFor } from './asking-tools.ts';
import { asBinary, readTemplate, TEMPLATE } from './resources.ts';
import { IMAGE } from './samples.ts';

type Method = 'prompts/get' | 'resources/read' | 'resources/templates/list';

/** The handler of the product, for a handler that runs before it. */
function handlerOf<Result>(server: Server, method: Method) {
  // biome-ignore lint/complexity/useLiteralKeys: the method is protected, and a subclass is not possible here.
  const answer = server['_getRequestHandler'](method)!;
  return (params: object | undefined, context: ServerContext) =>
    answer(
      { jsonrpc: '2.0', id: context.mcpReq.id, method, params } as Parameters<typeof answer>[0],
      context,
    ) as Promise<Result>;
}

/**
 * The server of the product, with additions that the suite requires and the product does not have: an image or a
 * resource in a prompt, a prompt that asks, binary resources, URIs of another scheme, logging. It also has
 * subscriptions, which the product serves on lasting connections.
 */
export const createFixtureServer: typeof createServer = (parts, caller, changes = 'subscribe') => {
  const server = createServer(parts, caller, changes);
  server.registerCapabilities({ logging: {} });

  const getPrompt = handlerOf<GetPromptResult>(server, 'prompts/get');
  const readResource = handlerOf<ReadResourceResult>(server, 'resources/read');
  server.setRequestHandler('prompts/get', async ({ params }, context) => {
    const { name } = params;
    if (name === 'test_input_required_result_prompt') {
      const reply = inputResponse(context.mcpReq.inputResponses, 'user_context');
      if (reply.kind === 'missing') {
        return inputRequired({ inputRequests: { user_context: askFor('context', 'Which context?') } });
      }
    }
    const prompt = await getPrompt(params, context);
    const before = (content: GetPromptResult['messages'][number]['content']) => ({
      ...prompt,
      messages: [{ role: 'user' as const, content }, ...prompt.messages],
    });
    if (name === 'test_prompt_with_image') return before({ type: 'image', ...IMAGE });
    if (name !== 'test_prompt_with_embedded_resource') return prompt;
    const { contents } = await readResource({ uri: params.arguments?.resourceUri }, context);
    return before({ type: 'resource', resource: contents[0]! });
  });

  server.setRequestHandler('resources/read', async ({ params }, context) => {
    const { uri } = params;
    const read = readTemplate(uri) ?? (await readResource(params, context));
    return uri === 'test://static-binary' ? asBinary(read) : read;
  });

  const listTemplates = handlerOf<ListResourceTemplatesResult>(server, 'resources/templates/list');
  server.setRequestHandler('resources/templates/list', async ({ params }, context) => {
    const listed = await listTemplates(params, context);
    return { ...listed, resourceTemplates: [...listed.resourceTemplates, TEMPLATE] };
  });
  return server;
};
