import { ChatAnthropic } from '@langchain/anthropic';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOpenAI } from '@langchain/openai';
import { KEY } from '../models.mjs';

const options = { ...KEY, maxRetries: 0 };

export async function open({ client, tools }) {
  const ask = (model, ...settings) => model.bindTools(tools, ...settings).invoke('Hello');
  return {
    names: tools.map(({ name }) => name),
    /** The message that an agent adds to the conversation. An error is thrown, and the agent shows its text. */
    async call(name, args) {
      const tool = tools.find((each) => each.name === name);
      try {
        const message = await tool.invoke({ type: 'tool_call', id: 'call-1', name, args });
        return message.content;
      } catch (error) {
        return error.message;
      }
    },
    models: {
      openai: () => ask(new ChatOpenAI({ ...options, model: 'gpt-5' })),
      anthropic: () => ask(new ChatAnthropic({ ...options, model: 'claude-sonnet-4-5' })),
      gemini: () => ask(new ChatGoogleGenerativeAI({ ...options, model: 'gemini-2.5-flash' })),
    },
    close: () => client.close(),
  };
}
