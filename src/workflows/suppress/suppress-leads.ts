import { HeyReachError } from '../../client/index.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { type Person, type PersonRow, readPeople } from '../leads/person-rows.ts';
import { runItems } from '../shared/outcomes.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { startWork, type WorkTime } from '../shared/work-time.ts';
import { addTag } from './add-tag.ts';
import { addToBlacklist, readListed, unreadListed } from './add-to-blacklist.ts';
import { feedingLists } from './feeding-lists.ts';
import { reportSuppression, type Suppressed } from './report.ts';
import { confirmStops, stopInCampaigns } from './stop-in-campaigns.ts';

/** Whom to suppress, and with what besides the stops in campaigns. */
export interface SuppressRequest {
  profileUrls: readonly PersonRow[];
  tag: string;
  addTag: boolean;
  blacklist: boolean;
}

/**
 * Ends all contact with people:
 *
 * 1. One request adds all of them to the blacklist.
 * 2. For each person, it stops them in campaigns, tags them, and reads their campaigns again.
 * 3. It reads the blacklist again.
 *
 * After the work time it begins no further person. It finishes the people in progress in the rest of the call's time.
 */
export async function suppressLeads(
  request: SuppressRequest,
  context: ToolContext,
  now: () => number = Date.now,
): Promise<ToolOutput> {
  const { client, call } = context;
  const time = startWork(call, now);
  const { people, others } = readPeople(request.profileUrls);
  const urls = people.map(({ url }) => url);
  const blacklisting = request.blacklist ? await addToBlacklist(urls, client, call) : undefined;
  const suppressed = await runItems<Person, Suppressed>(people, context, time, {
    run: (person) => suppressPerson(person, request, context, time),
    notStarted: (person, notBegun) => ({ person, notBegun }),
  });
  if (blacklisting !== undefined) {
    const reading = readListed(urls, blacklisting, client, call);
    const listed = await unlessCancelled(reading, unreadListed(urls, blacklisting));
    for (const [index, entry] of suppressed.entries()) entry.listed = listed[index]!;
  }
  await unlessCancelled(readLists(suppressed, context, time), undefined);
  return reportSuppression(suppressed, others, request.blacklist);
}

/** A read that a cancellation ends. The requests before it must still be reported. */
async function unlessCancelled<Read>(read: Promise<Read>, otherwise: Read): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError) return otherwise;
    throw error;
  }
}

async function suppressPerson(
  person: Person,
  request: SuppressRequest,
  { client, call }: ToolContext,
  time: WorkTime,
): Promise<Suppressed> {
  const { url } = person;
  try {
    const stops = await stopInCampaigns(url, client, { read: time.call, write: call });
    const tag = request.addTag ? await addTag(url, request.tag, client, call) : undefined;
    const report = await confirmStops(url, stops, client, call);
    return { person, stops: report, ...(tag === undefined ? {} : { tag }) };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    return { person, notBegun: error };
  }
}

const AT_ONCE = 5;

/**
 * Reads the lists that could bring a person into a campaign later. They matter where the blacklist does not exclude the
 * person. For a person without a campaign to stop they are the only finding.
 */
async function readLists(suppressed: readonly Suppressed[], { client }: ToolContext, time: WorkTime) {
  const read = feedingLists(client, time.call);
  const asked = suppressed.filter(
    ({ stops, listed }) =>
      stops !== undefined && (listed?.status !== 'Matched' || stops.stopped.length + stops.open.length === 0),
  );
  await sideBySide(asked, AT_ONCE, async (entry) => {
    entry.lists = await read(entry.person.url);
  });
}
