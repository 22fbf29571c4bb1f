import {
  Agent,
  getAllMcpTools,
  invokeFunctionTool,
  OpenAIProvider,
  RunContext,
  Runner,
  setTracingDisabled,
} from '@openai/agents';
import { KEY } from '../models.mjs';

setTracingDisabled(true);
const runner = new Runner({ modelProvider: new OpenAIProvider({ ...KEY, baseURL: 'https://api.openai.com/v1' }) });

export async function open({ server, agent }) {
  const tools = await getAllMcpTools([server]);
  const strict = new Agent({ name: 'Strict', mcpServers: [server], mcpConfig: { convertSchemasToStrict: true } });
  const ask = (askedAgent) => runner.run(askedAgent.clone({ model: 'gpt-5' }), 'Hello');
  return {
    names: tools.map(({ name }) => name),
    call(name, args) {
      const tool = tools.find((each) => each.name === name);
      return invokeFunctionTool({ tool, runContext: new RunContext({}), input: JSON.stringify(args) });
    },
    models: { openai: () => ask(agent), 'openai-strict': () => ask(strict) },
    close: () => server.close(),
  };
}
