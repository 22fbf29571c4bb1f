import type { Workspaces } from '../mcp/workspaces.ts';
import type { Prompt, PromptArgument } from './types.ts';

const NAME = 'workspace';

/** A prompt of a server with several workspaces: its calls, and the tools that it tells to call, name one of them. */
export function withWorkspace(prompt: Prompt, workspaces: Workspaces): Prompt {
  const chosen = (args: Readonly<Record<string, string>>) => args[NAME] ?? workspaces.byDefault();
  return {
    ...prompt,
    arguments: [...prompt.arguments, workspaceArgument(workspaces)],
    callTools: (args, call) =>
      prompt.callTools(args, (tool, toolArguments) => {
        const workspace = chosen(args);
        return call(tool, workspace === undefined ? toolArguments : { ...toolArguments, [NAME]: workspace });
      }),
    write(args) {
      const workspace = chosen(args);
      const step = {
        text: `All of this is about the workspace ${workspace}. Pass workspace ${workspace} in every call.`,
      };
      return [...(workspace === undefined ? [] : [step]), ...prompt.write(args)];
    },
  };
}

function workspaceArgument(workspaces: Workspaces): PromptArgument {
  const byDefault = workspaces.byDefault();
  return {
    name: NAME,
    description: byDefault === undefined ? 'The workspace' : `The workspace; ${byDefault} if omitted`,
    suggest: () => [...workspaces.names()],
    accepts: (value) => workspaces.names().includes(value),
  };
}
