/** An argument of a prompt; a text, as the protocol has it. */
export interface PromptArgument {
  /** That of a template's variable where it is one: its form is checked, and it is completed, as there. */
  name: string;
  description: string;
  isRequired?: boolean;
  /** Values to offer where they are no ids of the workspace. */
  suggest?(): string[];
  /** Whether a value has the right form; of a template's variable that is known. */
  accepts?(value: string): boolean;
}

/** What was given for the arguments, checked; those left out are missing. */
export type Given = Readonly<Record<string, string>>;

/** A resource that goes along. */
export interface Enclosure {
  uri: string;
  /** The most that it may take: of one with a rendering for people half of it, since only that goes along. */
  maxBytes: number;
}

/** A paragraph of instructions. */
export interface Step {
  says: string;
  /** The tools it names: where one of them is hidden, the step is left out. */
  uses?: readonly string[];
  /** Said only where this tool is hidden. */
  without?: string;
}

/** A text that a person starts a piece of work with. */
export interface Prompt {
  name: string;
  title: string;
  description: string;
  arguments: readonly PromptArgument[];
  /** Where one of these tools is hidden the work makes no sense, and the prompt is not listed. */
  needs: readonly string[];
  enclose(given: Given): Enclosure[];
  write(given: Given): Step[];
}

export const CAMPAIGN: PromptArgument = { name: 'campaignId', description: 'The campaign', isRequired: true };
export const SENDER: PromptArgument = { name: 'accountId', description: 'The LinkedIn account that sends' };
