import { type PromptDefinition, PromptRegistry } from '../../../src/prompts/prompt-registry.ts';
import type { Prompt } from '../../../src/prompts/types.ts';

const anything = { isRequired: true, accepts: () => true };

/** The prompts of the suite. `server.ts` adds the content that is not text. */
const prompts: Prompt[] = [
  {
    name: 'test_simple_prompt',
    title: 'Simple',
    description: 'A text',
    arguments: [],
    requiredTools: [],
    callTools: async () => [],
    write: () => [{ text: 'This is a simple prompt for testing.' }],
  },
  {
    name: 'test_prompt_with_arguments',
    title: 'With arguments',
    description: 'A text that its arguments stand in',
    arguments: [
      { name: 'arg1', description: 'The first', suggest: () => ['testing', 'tested', 'other'], ...anything },
      { name: 'arg2', description: 'The second', ...anything },
    ],
    requiredTools: [],
    callTools: async () => [],
    write: ({ arg1, arg2 }) => [{ text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    title: 'With a resource',
    description: 'Encloses a resource',
    arguments: [{ name: 'resourceUri', description: 'Which', ...anything }],
    requiredTools: [],
    callTools: async () => [],
    write: () => [{ text: 'Please process the embedded resource above.' }],
  },
  {
    name: 'test_prompt_with_image',
    title: 'With an image',
    description: 'Encloses an image',
    arguments: [],
    requiredTools: [],
    callTools: async () => [],
    write: () => [{ text: 'Please analyze the image above.' }],
  },
  {
    name: 'test_input_required_result_prompt',
    title: 'With a question',
    description: 'Asks before it is given',
    arguments: [],
    requiredTools: [],
    callTools: async () => [],
    write: () => [{ text: 'Use the answer.' }],
  },
];

/** Contains the prompts of the suite in place of those of the product. */
export class FixturePrompts extends PromptRegistry {
  override get(name: string): Prompt | undefined {
    return prompts.find((prompt) => prompt.name === name);
  }

  override get definitions(): PromptDefinition[] {
    return prompts.map(({ name, title, description, arguments: args }) => ({
      name,
      title,
      description,
      arguments: args.map((arg) => ({ name: arg.name, description: arg.description, required: true })),
    }));
  }
}
