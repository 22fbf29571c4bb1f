import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { type Person, type PersonItem, type PersonRow, readPeople } from '../../../workflows/leads/person-rows.ts';
import { failedItem, reportOutcomes, runItems, tryWrite } from '../../../workflows/shared/outcomes.ts';
import { startWork } from '../../../workflows/shared/work-time.ts';
import type { TaggingInput } from './tagging.ts';

interface TaggedItem extends PersonItem {
  newTags?: readonly string[] | undefined;
}

interface Tagging {
  tag(input: TaggingInput, context: ToolContext): Promise<ToolOutput>;
  /** Whether an earlier attempt took effect. HeyReach may reject the retry because of that. */
  verify(input: TaggingInput, context: ToolContext): Promise<ToolOutput | undefined>;
}

/** Tags several people side by side. Each has its own outcome, and a failure does not stop the others. */
export async function tagEach(
  rows: readonly PersonRow[],
  input: TaggingInput,
  { tag, verify }: Tagging,
  context: ToolContext,
): Promise<ToolOutput> {
  const { people, others } = readPeople(rows);
  const rowOf = ({ index, shown }: Person) => ({ index, person: shown });
  const items = await runItems<Person, TaggedItem>(people, context, startWork(context.call), {
    async run(person) {
      const own = { ...input, leadProfileUrl: person.url };
      const tagged = await tryWrite(
        () => tag(own, context),
        () => verify(own, context),
      );
      if (!tagged.ok) return { ...rowOf(person), ...failedItem(tagged.error) };
      const { newAssignedTags, note } = tagged.value.data as { newAssignedTags?: string[]; note?: string };
      return { ...rowOf(person), outcome: 'done', newTags: newAssignedTags, note };
    },
    notStarted: (person, error) => ({ ...rowOf(person), ...failedItem(error) }),
  });
  return reportOutcomes<TaggedItem>([...items, ...others], {
    index: ({ index }) => index,
    person: ({ person }) => person,
    outcome: ({ outcome }) => outcome,
    newTags: ({ newTags }) => newTags,
  });
}
