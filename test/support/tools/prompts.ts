import type { Sandbox } from '../../../src/sandbox/index.ts';
import type { GotPrompt } from '../clients/clients.ts';

/** Arguments with which every prompt works in a sandbox. */
export function promptArguments({ workspace }: Sandbox): Record<string, Record<string, string>> {
  const { fixtures } = workspace;
  const { accountId, conversationId } = fixtures.unreadReply;
  const campaignId = String(fixtures.deepSequenceCampaign);
  return {
    triage_inbox: {},
    reply_to_lead: { accountId: String(accountId), conversationId },
    campaign_review: { campaignId },
    launch_checklist: { campaignId: String(fixtures.draftReadyToStart) },
    weekly_report: {},
  };
}

export const textsOf = ({ messages }: GotPrompt) =>
  messages.map(({ content }) => content.text ?? content.resource!.text);

/** A result that a prompt embeds, with the call that makes it. */
export interface EmbeddedResult {
  tool: string;
  args: Record<string, unknown>;
  structure: Record<string, unknown>;
}

/** The results of tools that a prompt embeds, in order. */
export function resultsIn({ messages }: GotPrompt): EmbeddedResult[] {
  return messages.flatMap(({ content: { resource } }) => {
    const [, tool, query] = /^heyreach:\/\/tools\/(\w+)\?(.*)$/.exec(resource?.uri ?? '') ?? [];
    if (tool === undefined) return [];
    const args = [...new URLSearchParams(query)].map(([name, value]) => [name, argumentOf(name, value)]);
    return [{ tool, args: Object.fromEntries(args), structure: JSON.parse(resource!.text) }];
  });
}

function argumentOf(name: string, value: string): unknown {
  if (name.endsWith('Ids')) return value.split(',').map(Number);
  return /^\d+$/.test(value) ? Number(value) : value;
}
