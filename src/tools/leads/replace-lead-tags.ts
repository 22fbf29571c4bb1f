import { defineTool } from '../define.ts';
import { checkTagging, readTags, taggingInput, taggingOutput, tagStep } from './tagging.ts';
import { previewReplace } from './tags-preview.ts';

export const replaceLeadTags = defineTool({
  name: 'replace_lead_tags',
  title: "Replace a lead's tags",
  description: 'Removes all tags of a person and sets the given ones instead. add_lead_tags keeps the present ones.',
  toolset: 'leads',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: taggingInput,
  check: checkTagging,
  output: taggingOutput,
  preview: previewReplace,
  nextStep: tagStep,
  async readBack(input, context) {
    const present = await readTags(input, context);
    const wanted = new Set(input.tags.map((tag) => tag.toLowerCase()));
    const isDone = present.length === wanted.size && present.every((tag) => wanted.has(tag));
    return isDone
      ? { data: { newAssignedTags: [], note: 'An earlier attempt of this call set the tags.' } }
      : undefined;
  },
  async run(input, { client, call }) {
    const { newAssignedTags, ...rest } = await client.leads.replaceTags(input, call);
    return { data: { ...rest, newAssignedTags: newAssignedTags ?? [] } };
  },
});
