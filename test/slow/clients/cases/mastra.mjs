import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { Agent } from '@mastra/core/agent';
import { KEY } from '../models.mjs';

/** Mastra puts the name of the server before the name of a tool. */
const PREFIX = 'heyreach_';

export async function open({ client, tools }) {
  const ask = async (model) => {
    const agent = new Agent({ id: 'agent', name: 'Agent', instructions: 'Help.', model, tools });
    await agent.generate('Hello', { modelSettings: { maxRetries: 0 } });
  };
  return {
    names: Object.keys(tools).map((name) => name.replace(PREFIX, '')),
    /** An error is thrown, and the agent shows its text. */
    async call(name, args) {
      try {
        return await tools[`${PREFIX}${name}`].execute(args, {});
      } catch (error) {
        return error.message;
      }
    },
    models: {
      openai: () => ask(createOpenAI(KEY)('gpt-5')),
      anthropic: () => ask(createAnthropic(KEY)('claude-sonnet-4-5')),
      gemini: () => ask(createGoogleGenerativeAI(KEY)('gemini-2.5-flash')),
    },
    close: () => client.disconnect(),
  };
}
