import type { Workspaces } from '../mcp/workspaces.ts';
import { agencyDigest } from './agency-digest.ts';
import { campaignReview } from './campaign-review.ts';
import { launchChecklist } from './launch-checklist.ts';
import { replyToLead } from './reply-to-lead.ts';
import { triageInbox } from './triage-inbox.ts';
import type { Prompt } from './types.ts';
import { weeklyReport } from './weekly-report.ts';
import { withWorkspace } from './with-workspace.ts';

/** The prompts of every server, in the order of `prompts/list`. */
export const prompts: readonly Prompt[] = [triageInbox, replyToLead, campaignReview, launchChecklist, weeklyReport];

/** The prompts of a server with several workspaces. */
export const workspacePrompts: readonly Prompt[] = [agencyDigest];

/** A prompt as `prompts/list` returns it. */
export interface PromptDefinition {
  name: string;
  title: string;
  description: string;
  arguments: { name: string; description: string; required: boolean }[];
}

/** The prompts whose required tools are enabled. */
export class PromptRegistry {
  readonly #workspaces: Workspaces | undefined;
  #definedFor: readonly string[] | undefined;
  #byName: Map<string, Prompt> | undefined;
  #definitions: PromptDefinition[] | undefined;

  /** @param workspaces undefined where the server has one key. */
  constructor(
    readonly hasTool: (name: string) => boolean,
    workspaces?: Workspaces,
  ) {
    this.#workspaces = workspaces;
  }

  get(name: string): Prompt | undefined {
    return this.#prompts.get(name);
  }

  get definitions(): PromptDefinition[] {
    const prompts = [...this.#prompts.values()];
    this.#definitions ??= prompts.map(({ name, title, description, arguments: args }) => ({
      name,
      title,
      description,
      arguments: args.map(({ name, description, isRequired }) => ({
        name,
        description,
        required: isRequired ?? false,
      })),
    }));
    return this.#definitions;
  }

  get #prompts(): Map<string, Prompt> {
    // The file of workspaces can be read again.
    const names = this.#workspaces?.names();
    if (this.#byName === undefined || names !== this.#definedFor) {
      this.#definedFor = names;
      this.#definitions = undefined;
      this.#byName = new Map(this.#listed().map((prompt) => [prompt.name, prompt]));
    }
    return this.#byName;
  }

  #listed(): Prompt[] {
    const isListed = ({ requiredTools }: Prompt) => requiredTools.every(this.hasTool);
    const workspaces = this.#workspaces;
    if (workspaces === undefined) return prompts.filter(isListed);
    const ofOne = workspaces.isChoice() ? prompts.map((prompt) => withWorkspace(prompt, workspaces)) : prompts;
    return [...ofOne, ...workspacePrompts].filter(isListed);
  }
}
