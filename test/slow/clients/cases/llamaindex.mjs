import { Anthropic } from '@llamaindex/anthropic';
import { gemini } from '@llamaindex/google';
import { OpenAI } from '@llamaindex/openai';
import { KEY } from '../models.mjs';

const options = { ...KEY, maxRetries: 0 };

export async function open({ server, tools }) {
  const ask = (model) => model.chat({ messages: [{ role: 'user', content: 'Hello' }], tools });
  return {
    names: tools.map(({ metadata }) => metadata.name),
    call: (name, args) => tools.find(({ metadata }) => metadata.name === name).call(args),
    models: {
      openai: () => ask(new OpenAI({ ...options, model: 'gpt-4o' })),
      anthropic: () => ask(new Anthropic({ ...options, model: 'claude-3-7-sonnet-latest' })),
      gemini: () => ask(gemini({ ...KEY, model: 'gemini-2.0-flash' })),
    },
    close: () => server.cleanup(),
  };
}
