import { z } from 'zod';
import { sendInCalls } from '../calls.ts';
import { defineTool } from '../define.ts';
import { id, profileUrl } from '../fields.ts';
import { readProfileUrl, slugOf } from '../profile-url.ts';
import { removalAnswer, removalOutput } from './removal.ts';
import { previewRemoveByUrls } from './removal-preview.ts';

export const removeLeadsFromListByUrl = defineTool({
  name: 'remove_leads_from_list_by_url',
  title: 'Remove leads from a list by URL',
  description: 'Removes up to 1,000 people from a list by profile URL and answers the URLs that were not in it.',
  toolset: 'lists',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: {
    listId: id('List id'),
    profileUrls: z.array(profileUrl('Profile URL or slug')).min(1).max(1_000).describe('Profile URLs'),
  },
  output: removalOutput,
  preview: previewRemoveByUrls,
  // The route answers 200 whether or not anybody was there, so a refusal is about the list, not an echo.
  readBack: null,
  async run({ listId, profileUrls }, context) {
    const report = await sendInCalls(
      profileUrls.map((_, index) => index),
      (part, _isLast, call) =>
        context.client.lists.removeLeadsByUrl({ listId, profileUrls: part.map((index) => profileUrls[index]!) }, call),
      context,
    );
    // HeyReach names those it did not find by slug. A call repeated after a lost answer may name the ones it removed.
    const bySlug = new Map(profileUrls.map((url) => [slugOfAny(url), url]));
    const slugs = report.accepted.flatMap(({ answer }) => answer.notFoundInList ?? []);
    const notFound = slugs.map((slug) => bySlug.get(slugOf(`https://www.linkedin.com/in/${slug}`) ?? slug) ?? slug);
    const repeated = report.accepted.some((accepted) => accepted.repeated);
    const note = 'A call was repeated after a lost answer, so notFound may name people whom the first attempt removed.';
    // Without an accepted call nothing is known, and an empty list would read as "all were there".
    const found = report.accepted.length === 0 ? {} : { notFound };
    return removalAnswer(listId, profileUrls.length, report, { ...found, ...(repeated ? { note } : {}) });
  },
});

/** The last part of a URL of either kind, in lower case. */
function slugOfAny(url: string): string {
  const read = readProfileUrl(url);
  return read.ok ? read.slug.toLowerCase() : url;
}
