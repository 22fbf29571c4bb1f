import type { ApiKeyType } from '../../client/operations/organization.ts';
import type { ToolContext } from '../define.ts';
import type { Preview } from '../preview.ts';
import { readWorkspaceNames } from './workspace-names.ts';

/** For which workspace a key would be made. Bound to nothing: the reads only lend its name. */
export async function previewKey(
  { workspaceId, apiKeyType }: { workspaceId: number; apiKeyType: ApiKeyType },
  context: ToolContext,
): Promise<Preview> {
  const { lines, facts, warnings } = await readWorkspaceNames([workspaceId], context);
  const [workspace = ''] = lines;
  return {
    question: `Create an API key of the type ${apiKeyType} for ${workspace}?`,
    lines: [`Workspace: ${workspace}`, `Type of the key: ${apiKeyType}`],
    warnings: [
      'The key comes back in the answer: whoever reads it, here or in a log of this conversation, can use the workspace.',
      'No tool here takes a key back: that is done in HeyReach.',
      ...warnings,
    ],
    facts: { workspace: facts[0], apiKeyType },
    binds: null,
  };
}
