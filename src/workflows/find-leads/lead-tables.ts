import { shortProfileUrl } from '../../lib/linkedin-url.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import type { CallerFiles } from '../../mcp/services/caller-files.ts';
import { type Table, toTable } from '../shared/table.ts';
import { byCampaign, type FoundLead } from './found-lead.ts';

/** Campaigns that a result counts one by one. The file has all of them. */
const MAX_CAMPAIGNS = 25;
const MAX_ERROR_TEXT = 120;

/** The tables of a result: campaigns with their counts, the sentences of failures, and the leads that are shown. */
export function leadTables(leads: readonly FoundLead[], shown: readonly FoundLead[]) {
  const senders = new Map(
    shown.flatMap(({ sender, senderName }) => (sender === undefined ? [] : [[sender, senderName]])),
  );
  const errors = errorTable(leads);
  return {
    byCampaign: campaignTable(leads),
    ...(errors.rows.length === 0 ? {} : { errors }),
    ...toTable(shown, columnsFor(shown)),
    senders: toTable([...senders], { linkedInAccountId: ([id]) => id, name: ([, name]) => name }),
  };
}

function columnsFor(shown: readonly FoundLead[]) {
  return {
    name: (lead: FoundLead) => fullName(lead),
    company: ({ company }: FoundLead) => company || null,
    profileUrl: ({ profileUrl }: FoundLead) => shortProfileUrl(profileUrl),
    campaignId: ({ campaign }: FoundLead) => campaign.id,
    linkedInAccountId: ({ sender }: FoundLead) => sender,
    since: ({ since }: FoundLead) => since?.slice(0, 10),
    ...(shown.some(({ outcome }) => outcome !== undefined) ? { outcome: ({ outcome }: FoundLead) => outcome } : {}),
    reason: ({ reason }: FoundLead) => reason,
    ...(shown.some(({ inboxContact }) => inboxContact !== undefined)
      ? { wroteToUs: ({ inboxContact }: FoundLead) => inboxContact?.theyWrote === true }
      : {}),
  };
}

/** Where the leads are, the campaign with the most of them first. */
function campaignTable(leads: readonly FoundLead[]): Table & { more?: number } {
  const ordered = byCampaign(leads);
  const table = toTable(ordered.slice(0, MAX_CAMPAIGNS), {
    campaignId: ([first]) => first?.campaign.id,
    name: ([first]) => inline(first?.campaign.name),
    status: ([first]) => first?.campaign.status,
    found: (group) => group.length,
  });
  return ordered.length > MAX_CAMPAIGNS ? { ...table, more: ordered.length - MAX_CAMPAIGNS } : table;
}

/** The sentence that HeyReach gives with each error code. */
function errorTable(leads: readonly FoundLead[]): Table {
  const sentences = new Map<string, string>();
  for (const { status, errorCode = 'no error code', errorText } of leads) {
    if (status === 'Failed' && errorText !== '' && !sentences.has(errorCode)) sentences.set(errorCode, errorText);
  }
  return toTable([...sentences], { errorCode: ([code]) => code, says: ([, text]) => inline(text, MAX_ERROR_TEXT) });
}

/** Keeps all leads as a file, which another tool takes by its `resultId`. */
export async function keepLeads(leads: readonly FoundLead[], files: CallerFiles) {
  const columns: Record<string, (lead: FoundLead) => string | number | undefined> = {
    profileUrl: ({ profileUrl }) => profileUrl,
    firstName: ({ firstName }) => firstName,
    lastName: ({ lastName }) => lastName,
    companyName: ({ company }) => company,
    position: ({ position }) => position,
    emailAddress: ({ email }) => email,
    leadMemberId: ({ memberId }) => memberId,
    campaignId: ({ campaign }) => campaign.id,
    campaignName: ({ campaign }) => inline(campaign.name),
    linkedInAccountId: ({ sender }) => sender,
    leadStatus: ({ status }) => status,
    since: ({ since }) => since,
    outcome: ({ outcome }) => outcome,
    reason: ({ reason }) => reason,
  };
  const cells = Object.values(columns);
  const keptFile = await files.keep({
    kind: 'find_leads',
    columns: Object.keys(columns),
    rows: leads.map((lead) => cells.map((cell) => cell(lead))),
  });
  const { resultId, uri, rows, path } = keptFile;
  return { link: keptFile, fields: { resultId, file: { uri, rows, ...(path === undefined ? {} : { path }) } } };
}
