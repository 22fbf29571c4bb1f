// Runs one framework as docs/clients.md shows it, on a running server: node main.mjs CASE BLOCK
// The last line of stdout is JSON: what the framework passes to a model.
import { sentTo } from './models.mjs';
import { importBlock } from './blocks.mjs';

const [name, blockName] = process.argv.slice(2);
const { open } = await import(`./cases/${name}.mjs`);
const peer = await open(await importBlock(blockName));

/** Makes a call as the framework makes it for a model. @returns the JSON that the model gets. */
const call = async (tool, args) => JSON.stringify(await peer.call(tool, args));

const read = await call('list_campaigns', { limit: 2 });
const missing = await call('get_campaign', { campaignId: 1 });
const paused = await call('list_campaigns', { keyword: 'Fair follow-up', statuses: ['PAUSED'] });
const campaignId = Number(/\bid\\*":(\d+)/.exec(paused)?.[1]);
const asked = await call('resume_campaign', { campaignId });
const confirmToken = /confirmToken\\*":\\*"([^"\\]+)/.exec(asked)?.[1];
const confirmed = await call('resume_campaign', { campaignId, confirmToken });
const resumed = await call('get_campaign', { campaignId });

const conversions = [];
for (const [model, ask] of Object.entries(peer.models)) {
  conversions.push({ model, tools: await sentTo(ask) });
}
const names = peer.names;
await peer.close();
process.stdout.write(`${JSON.stringify({ names, read, missing, asked, confirmed, resumed, conversions })}\n`, () => process.exit(0));
