import { leadProfile } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { detail, id, paging } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { personRow } from '../person-row.ts';

export const listNetwork = defineTool({
  name: 'list_network',
  title: "List a sender's connections",
  description: 'The first-degree connections of a sender. For one person use check_connection.',
  toolset: 'network',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { senderId: id('Sender id'), ...paging(), ...detail },
  output: pageOutput(leadProfile),
  async run({ senderId, offset, limit }, { client, call, full }) {
    // HeyReach counts pages: rows that straddle two of them take two calls.
    const pageNumber = Math.floor(offset / limit);
    const within = offset % limit;
    const read = (number: number) =>
      client.network.getForSender({ senderId, pageNumber: number, pageSize: limit }, call);
    const first = await read(pageNumber);
    const totalCount = first.totalCount;
    const rows = [...(first.items ?? [])];
    const isLast = typeof totalCount === 'number' ? (pageNumber + 1) * limit >= totalCount : rows.length < limit;
    if (within > 0 && !isLast) rows.push(...((await read(pageNumber + 1)).items ?? []));
    const items = rows.slice(within, within + limit);
    return pageAnswer({ totalCount, items }, offset, full ? undefined : personRow);
  },
});
