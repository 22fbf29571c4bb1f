import { prompts } from './catalog.ts';
import type { Prompt } from './prompt.ts';

/** What a client is told about a prompt. */
export interface PromptDefinition {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
}

/** The prompts that make sense with the tools that are shown; definitions are made once. */
export class Shelf {
  readonly #byName: Map<string, Prompt>;
  #definitions: PromptDefinition[] | undefined;

  constructor(readonly hasTool: (name: string) => boolean) {
    const shown = prompts.filter(({ needs }) => needs.every(hasTool));
    this.#byName = new Map(shown.map((prompt) => [prompt.name, prompt]));
  }

  get(name: string): Prompt | undefined {
    return this.#byName.get(name);
  }

  get definitions(): PromptDefinition[] {
    this.#definitions ??= [...this.#byName.values()].map(({ name, title, description, arguments: given }) => ({
      name,
      title,
      description,
      arguments: given.map((one) => ({
        name: one.name,
        description: one.description,
        required: one.isRequired ?? false,
      })),
    }));
    return this.#definitions;
  }
}
