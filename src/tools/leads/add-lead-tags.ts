import * as z from 'zod';
import { defineTool, type ToolContext, type ToolOutput } from '../../mcp/tool.ts';
import { personRows } from '../../workflows/leads/person-rows.ts';
import { outcomesOutput } from '../../workflows/shared/outcomes.ts';
import { tagEach } from './shared/tag-each.ts';
import {
  checkTagging,
  readTags,
  type TaggingInput,
  taggingInput,
  taggingOutput,
  taggingResult,
  tagStep,
} from './shared/tagging.ts';

async function tagOne(input: TaggingInput, { client, call }: ToolContext): Promise<ToolOutput> {
  const { data } = taggingResult(await client.leads.addTags(input, call), call);
  // A field of HeyReach must not be read as part of a result with several people.
  const entries = Object.entries(data).map(([name, value]) => [
    name in outcomesOutput() ? `heyreach_${name}` : name,
    value,
  ]);
  return { data: Object.fromEntries(entries) };
}

/** The result of a call whose first attempt set the tags, or undefined where they are missing. */
async function verifyTagged(input: TaggingInput, context: ToolContext): Promise<ToolOutput | undefined> {
  const current = await readTags(input, context);
  const isDone = input.tags.every((tag) => current.includes(tag.toLowerCase()));
  return isDone ? { data: { newAssignedTags: [], note: 'An earlier attempt of this call set the tags.' } } : undefined;
}

export const addLeadTags = defineTool({
  name: 'add_lead_tags',
  title: 'Add tags to leads',
  description:
    'Adds tags to a person, or to up to 100, and keeps the existing ones. Returns which tags were new. To remove the others use replace_lead_tags.',
  toolset: 'leads',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({ ...taggingInput(), leadProfileUrls: personRows('Instead: several people', 100).optional() }),
  check(input) {
    const { leadProfileUrl, leadLinkedInId, leadProfileUrls } = input;
    if (leadProfileUrls === undefined) return checkTagging(input);
    return (leadProfileUrl ?? leadLinkedInId) === undefined
      ? undefined
      : 'leadProfileUrls cannot be combined with leadProfileUrl or leadLinkedInId';
  },
  output: () => taggingOutput().extend(z.object(outcomesOutput()).partial().shape),
  nextStep: tagStep,
  verifyAfterRetry: verifyTagged,
  async run({ leadProfileUrls, ...input }, context) {
    if (leadProfileUrls === undefined) return tagOne(input, context);
    return tagEach(leadProfileUrls, input, { tag: tagOne, verify: verifyTagged }, context);
  },
});
