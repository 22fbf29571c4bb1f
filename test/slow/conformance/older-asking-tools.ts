import { z } from 'zod';
import type { Tool } from '../../../src/mcp/tool.ts';
import { fixture, says } from './fixture.ts';
import { request } from './toolbox.ts';

/** No client can answer, and the suite would wait for half a minute. */
const ANSWER_MS = 500;
const ONE_OF_THREE = ['option1', 'option2', 'option3'];
const TITLED = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
  { const: 'value3', title: 'Third' },
];

type Form = Extract<Parameters<ReturnType<typeof request>['elicitInput']>[0], { requestedSchema: unknown }>;

/** Asks during the call. */
async function elicit(message: string, properties: Form['requestedSchema']['properties']) {
  const { action, content } = await request().elicitInput({
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties },
  });
  return says(`${action}: ${JSON.stringify(content)}`);
}

/** Tools of 2025 that ask the client during a call, which requires a lasting connection. */
export const olderAskingTools: Tool[] = [
  fixture({
    name: 'test_sampling',
    description: 'Asks a model',
    input: { prompt: z.string() },
    async run({ prompt }) {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: prompt } }];
      const { content } = await request().requestSampling({ messages, maxTokens: 100 }, { timeout: ANSWER_MS });
      return says(`LLM response: ${JSON.stringify(content)}`);
    },
  }),
  fixture({
    name: 'test_elicitation',
    description: 'Asks a person',
    input: { message: z.string() },
    run: ({ message }) => elicit(message, { username: { type: 'string' }, email: { type: 'string' } }),
  }),
  fixture({
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks a person, with answers to start from',
    run: () =>
      elicit('Please review these', {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      }),
  }),
  fixture({
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks a person to choose',
    run: () =>
      elicit('Please choose', {
        untitledSingle: { type: 'string', enum: ONE_OF_THREE },
        titledSingle: { type: 'string', oneOf: TITLED },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
        untitledMulti: { type: 'array', items: { type: 'string', enum: ONE_OF_THREE } },
        titledMulti: { type: 'array', items: { anyOf: TITLED } },
      }),
  }),
];
