// `npm run demo`: one agent's task on the sandbox, over stdio, with a real MCP client. Prints each call and what the agent
// sees of its answer.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const SHOWN = 700;

const client = new Client({ name: 'demo-agent', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: [main, '--sandbox', '--log-level', 'warn'],
    stderr: 'inherit',
  }),
);

type Answer = Record<string, unknown> & { items?: Record<string, unknown>[] };

/** Calls a tool, prints both sides, and hands on what a program would read. */
async function call(why: string, name: string, args: Record<string, unknown>): Promise<Answer> {
  console.log(`\n# ${why}\n> ${name} ${JSON.stringify(args)}`);
  const result = await client.callTool({ name, arguments: args });
  const [first] = result.content as { text: string }[];
  const text = first?.text ?? '';
  console.log(text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text);
  if (result.isError) throw new Error(`${name} failed`);
  return result.structuredContent as Answer;
}

console.log(client.getInstructions());

const inbox = await call('Who is waiting for an answer?', 'list_conversations', { seen: false, limit: 3 });
const reply = inbox.items?.find((item) => item.lastMessageSender === 'CORRESPONDENT');
if (reply === undefined) throw new Error('nobody has replied');

await call('What was said?', 'get_conversation', { accountId: reply.linkedInAccountId, conversationId: reply.id });

const person = `https://www.linkedin.com/in/${String(reply.profileUrl)}`;
const campaigns = await call('Which campaigns still write to this person?', 'list_campaigns_for_lead', {
  profileUrl: person,
});
const running = campaigns.items?.find((item) => item.campaignStatus === 'IN_PROGRESS');
if (running === undefined) throw new Error('no campaign of this person is running');
await call('They answered: stop the campaign for now.', 'pause_campaign', { campaignId: running.campaignId });

const others = await call('Where could their colleagues go?', 'list_campaigns', { statuses: ['IN_PROGRESS'] });
const other = others.items?.find((item) => item.id !== running.campaignId);
if (other === undefined) throw new Error('no other campaign is running');
const colleague = (first: string) => ({
  lead: {
    profileUrl: `https://www.linkedin.com/in/${first.toLowerCase()}-example-colleague`,
    firstName: first,
    lastName: 'Example',
    companyName: 'Example Ltd',
  },
});
const addition = { campaignId: other.id, accountLeadPairs: [colleague('Grace'), colleague('Alan')] };
const asked = await call('Add two of them to another campaign.', 'add_leads_to_campaign', addition);
const { confirmToken } = asked.confirmation as { confirmToken: string };
await call('It would contact people, so it asked. A person said yes.', 'add_leads_to_campaign', {
  ...addition,
  confirmToken,
});

await client.close();
console.log('\nDone. Nothing left this machine: all of it happened on the sandbox.');
