import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { KEY } from '../models.mjs';

export async function open({ client, tools }) {
  const ask = (model) => generateText({ model, tools, prompt: 'Hello', maxRetries: 0 });
  return {
    names: Object.keys(tools),
    async call(name, args) {
      const output = await tools[name].execute(args, { toolCallId: 'call-1', messages: [] });
      return tools[name].toModelOutput({ output });
    },
    models: {
      openai: () => ask(createOpenAI(KEY)('gpt-5')),
      anthropic: () => ask(createAnthropic(KEY)('claude-sonnet-4-5')),
      gemini: () => ask(createGoogleGenerativeAI(KEY)('gemini-2.5-flash')),
    },
    close: () => client.close(),
  };
}
