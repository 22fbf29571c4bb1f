// `npm run demo`: an agent's task on the sandbox, over stdio, with an MCP client. Prints each call and its result.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Longer results are cut. */
const MAX_SHOWN = 700;

const client = new Client({ name: 'demo-agent', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [main, '--sandbox', '--log-level', 'warn'],
    stderr: 'inherit',
  }),
);

type Result = Record<string, unknown> & { items?: Record<string, unknown>[] };

/** Calls a tool, prints the call and its result, and returns the structured content. */
async function call(purpose: string, name: string, args: Record<string, unknown>): Promise<Result> {
  console.log(`\n# ${purpose}\n> ${name} ${JSON.stringify(args)}`);
  const result = await client.callTool({ name, arguments: args });
  const [first] = result.content as { text: string }[];
  const text = first?.text ?? '';
  console.log(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text);
  if (result.isError) throw new Error(`${name} failed`);
  return result.structuredContent as Result;
}

console.log(client.getInstructions());

const inbox = await call('Which conversations wait for a reply?', 'list_conversations', { seen: false, limit: 3 });
const reply = inbox.items?.find((item) => item.lastMessageSender === 'CORRESPONDENT');
if (reply === undefined) throw new Error('no conversation has a reply');

await call('What does the thread say?', 'get_conversation', {
  accountId: reply.linkedInAccountId,
  conversationId: reply.id,
});

const person = `https://www.linkedin.com/in/${String(reply.profileUrl)}`;
const campaigns = await call('Which campaigns is this lead in?', 'list_campaigns_for_lead', {
  profileUrl: person,
});
const running = campaigns.items?.find((item) => item.campaignStatus === 'IN_PROGRESS');
if (running === undefined) throw new Error('no campaign of this lead is running');
await call('The lead replied: pause the campaign.', 'pause_campaign', { campaignId: running.campaignId });

const inProgress = await call('Which other campaigns are running?', 'list_campaigns', { statuses: ['IN_PROGRESS'] });
const otherCampaign = inProgress.items?.find((item) => item.id !== running.campaignId);
if (otherCampaign === undefined) throw new Error('no other campaign is running');
const colleague = (first: string) => ({
  lead: {
    profileUrl: `https://www.linkedin.com/in/${first.toLowerCase()}-example-colleague`,
    firstName: first,
    lastName: 'Example',
    companyName: 'Example Ltd',
  },
});
const addition = { campaignId: otherCampaign.id, accountLeadPairs: [colleague('Grace'), colleague('Alan')] };
const preview = await call('Add two colleagues to another campaign.', 'add_leads_to_campaign', addition);
const { confirmToken } = preview.confirmation as { confirmToken: string };
await call('It would contact people, so it needs confirmation. The user agrees.', 'add_leads_to_campaign', {
  ...addition,
  confirmToken,
});

await client.close();
console.log('\nDone. Everything happened on the sandbox, and nothing left this machine.');
