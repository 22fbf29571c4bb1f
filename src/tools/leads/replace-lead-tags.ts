import { defineTool } from '../../mcp/tool.ts';
import { checkTagging, readTags, taggingInput, taggingOutput, taggingResult, tagStep } from './shared/tagging.ts';
import { previewReplace } from './shared/tags-preview.ts';

export const replaceLeadTags = defineTool({
  name: 'replace_lead_tags',
  title: "Replace a lead's tags",
  description: 'Removes all tags of a person and sets the given ones. To keep existing tags use add_lead_tags.',
  toolset: 'leads',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: taggingInput,
  check: checkTagging,
  output: taggingOutput,
  preview: previewReplace,
  nextStep: tagStep,
  async verifyAfterRetry(input, context) {
    const current = await readTags(input, context);
    const requested = new Set(input.tags.map((tag) => tag.toLowerCase()));
    const isDone = current.length === requested.size && current.every((tag) => requested.has(tag));
    return isDone
      ? { data: { newAssignedTags: [], note: 'An earlier attempt of this call set the tags.' } }
      : undefined;
  },
  async run(input, { client, call }) {
    return taggingResult(await client.leads.replaceTags(input, call), call);
  },
});
