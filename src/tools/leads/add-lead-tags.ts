import { defineTool } from '../define.ts';
import { checkTagging, readTags, taggingInput, taggingOutput, tagStep } from './tagging.ts';

export const addLeadTags = defineTool({
  name: 'add_lead_tags',
  title: 'Tag a lead',
  description:
    'Adds tags to a person and answers which were new; present tags stay. replace_lead_tags removes the others.',
  toolset: 'leads',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: taggingInput,
  check: checkTagging,
  output: taggingOutput,
  nextStep: tagStep,
  async readBack(input, context) {
    const present = await readTags(input, context);
    const isDone = input.tags.every((tag) => present.includes(tag.toLowerCase()));
    return isDone
      ? { data: { newAssignedTags: [], note: 'An earlier attempt of this call set the tags.' } }
      : undefined;
  },
  async run(input, { client, call }) {
    const { newAssignedTags, ...rest } = await client.leads.addTags(input, call);
    return { data: { ...rest, newAssignedTags: newAssignedTags ?? [] } };
  },
});
